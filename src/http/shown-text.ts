import { oneLine } from '../model/unseen.ts';
import { scrub } from '../secret.ts';

/** Characters of somebody else's text that are shown. */
export const mostSaid = 4_000;

/** A secret that the cut goes through is not known by its half. None is longer: no header holds more. */
const longestSecret = 64 * 1024;

/**
 * What somebody else says, as part of a message of ours: without secrets, on one line, and nothing in it steers a terminal.
 * A long text ends in `…`.
 */
export function shownText(text: string): string {
  return oneLine(scrubbedStart(text));
}

/** Cut before it is searched, since that takes long for a long text; what may be half of a secret is cut off again. */
function scrubbedStart(text: string): string {
  const most = 2 * longestSecret;
  const clean = scrub(text.slice(0, most));
  const whole = text.length > most ? clean.slice(0, -longestSecret) : clean;
  return whole.length < clean.length || whole.length > mostSaid ? `${whole.slice(0, mostSaid)}…` : whole;
}
