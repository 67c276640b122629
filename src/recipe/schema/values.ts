import { z } from 'zod';
import { accountForm, accountPatternForm, labelForm, patternForm, subdomainForm } from '../../model/account.ts';
import { durationForm, nearestDuration } from '../durations.ts';
import { didYouMean } from '../suggest.ts';
import { shown } from '../text.ts';

/** Characters of a path of a policy, or of a claim: an API path has some dozens. */
export const longestPath = 1024;
export const tooLong = `is longer than ${longestPath} characters`;

/** Text of one form; `want` finishes the sentence "… is not". A guess is told only when it is another text that is good. */
export function textOfForm(form: RegExp, want: string, guess: (value: string) => string | undefined = () => undefined) {
  const better = (input: string) => {
    const guessed = guess(input);
    return guessed === undefined || guessed === input || !form.test(guessed) ? undefined : guessed;
  };
  return z
    .string()
    .regex(form, { error: ({ input }) => `${shown(input)} is not ${want}${didYouMean(better(String(input)))}` });
}

export const account = () =>
  textOfForm(accountForm, 'a ServiceAccount, written namespace/name (lower case, no wildcards)', guessAccount);

export const accountPattern = () =>
  textOfForm(accountPatternForm, 'a ServiceAccount, written namespace/name (either part may be *)', guessAccount);

export const boundName = () =>
  textOfForm(patternForm, 'the name of a ServiceAccount, or a pattern with * at its end', (value) =>
    value.includes('/') ? value.slice(value.lastIndexOf('/') + 1).toLowerCase() : lowered(value, patternForm),
  );

export const boundNamespace = () =>
  textOfForm(patternForm, 'a Kubernetes namespace, or a pattern with * at its end', (value) =>
    lowered(value, patternForm),
  );

export const label = (what: string) =>
  textOfForm(labelForm, `${what} (lower-case letters, digits and -, at most 63)`, (value) => lowered(value, labelForm));

export const subdomain = (what: string) =>
  textOfForm(subdomainForm, `${what} (lower-case letters, digits, - and .)`, (value) => lowered(value, subdomainForm));

export const duration = () => {
  const error = ({ input }: { input?: unknown }) => {
    const guess = typeof input === 'string' ? nearestDuration(input) : undefined;
    return `${shown(input)} is not a duration: 24h, 90s, 1h30m, 2d, or a number of seconds${didYouMean(guess)}`;
  };
  return z.union([z.int({ error }).min(0, { error }), z.string().regex(durationForm, { error })], { error });
};

export const wholeNumber = () =>
  z.int({ error: ({ input }) => `${shown(input)} is not a whole number` }).min(0, 'is below 0');

export const emptyList = 'is an empty list; remove the key or name something';

/** At least one entry, because Vault reads an empty list as "nothing said" here. */
export function someOf<T extends z.ZodType>(entry: T) {
  return z.array(entry).min(1, emptyList);
}

/** What is held against each other, one by one, in a role. */
const mostOfRole = 500;

/** A list of a role. */
export function listOf<T extends z.ZodType>(entry: T) {
  return z.array(entry).max(mostOfRole, `has more than ${mostOfRole} entries; make several roles of it`);
}

function guessAccount(value: string): string | undefined {
  const parts = value.trim().toLowerCase().split(/[/:]+/);
  const guess = parts.slice(-2).join('/');
  return parts.length >= 2 && guess !== value && accountForm.test(guess) ? guess : undefined;
}

function lowered(value: string, form: RegExp): string | undefined {
  const guess = value.trim().toLowerCase().replaceAll('_', '-');
  return guess !== value && form.test(guess) ? guess : undefined;
}
