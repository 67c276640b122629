import { scrub } from '../secret.ts';

/** Controls, marks that turn or hide text, halves of pairs, what is no character. */
const unseen = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** What somebody else says, as part of a message of ours: without secrets, on one line, and nothing in it steers a terminal. */
export function said(text: string): string {
  return scrub(text).replace(/\s+/g, ' ').replace(unseen, '\ufffd').trim();
}
