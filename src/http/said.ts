import { replaceUnseen } from '../model/unseen.ts';
import { scrub } from '../secret.ts';

/** What somebody else says, as part of a message of ours: without secrets, on one line, and nothing in it steers a terminal. */
export function said(text: string): string {
  return replaceUnseen(scrub(text).replace(/\s+/g, ' '), () => '\ufffd').trim();
}
