import type { z } from 'zod';
import { didYouMean, nearest } from '../suggest.ts';
import { shown } from '../text.ts';
import { nearestCapability } from './policy.ts';

const kinds: Record<string, string> = {
  string: 'text',
  object: 'a mapping of keys',
  record: 'a mapping of keys',
  array: 'a list',
  boolean: 'true or false',
  number: 'a whole number',
  int: 'a whole number',
};

/** What is wrong with a value that is there. */
export function valueMessage(issue: z.core.$ZodIssue, found: unknown): string {
  if (found === null) return 'is empty: give a value or remove the key';
  if (issue.code === 'invalid_type') return kindMessage(kinds[issue.expected] ?? issue.expected, found);
  if (issue.code === 'invalid_value') return choiceMessage(issue.values.map(String), found);
  return issue.message;
}

function kindMessage(expected: string, found: unknown): string {
  if (expected === 'text' && (typeof found === 'number' || typeof found === 'boolean'))
    return `${found} is a ${typeof found}, not text; put it in quotes: "${found}"`;
  if (expected === 'true or false' && typeof found === 'string') {
    const meant = { yes: 'true', on: 'true', no: 'false', off: 'false', true: 'true', false: 'false' }[
      found.toLowerCase()
    ];
    return `${shown(found)} is not true or false${didYouMean(meant)}`;
  }
  if (expected === 'a list' && typeof found === 'string')
    return `is text, not a list; write [${shown(found).slice(1, -1)}]`;
  return `is ${kindOf(found)}, not ${expected}`;
}

function choiceMessage(choices: string[], found: unknown): string {
  const word = typeof found === 'object' ? kindOf(found) : String(found);
  const meant = choices.includes('deny') ? nearestCapability(word) : nearest(word, choices);
  const one = choices.length === 1 ? `is not ${choices[0]}` : `is not one of ${choices.join(', ')}`;
  return `${shown(word)} ${one}${didYouMean(meant)}`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping of keys';
  return typeof value === 'string' ? 'text' : `the ${typeof value} ${String(value)}`;
}
