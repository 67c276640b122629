import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kubeconfigs, ourReading, theirReading } from './client-go.ts';

/**
 * Law: a kubeconfig is read as client-go reads it, or refused. What client-go v0.37.2 says stands in client-go.json;
 * `npm run fuzz` asks it again.
 */
const recorded = JSON.parse(readFileSync(new URL('client-go.json', import.meta.url), 'utf8'));

/** Good for client-go, and refused with what to write instead. */
const refusals = new Set([
  'a key twice',
  'a list twice',
  'no scheme',
  'no checking, and a CA',
  'a date for a token',
  'a token in bytes',
  'a context of no user',
  'a user in the server',
  'a number for the server',
  'a dot at the end of the server',
  'an alphabet of another in the server',
]);

describe('a kubeconfig', () => {
  it.each(Object.entries(kubeconfigs))('with %s is read as client-go does', async (name, bytes) => {
    const theirs = theirReading(JSON.stringify(recorded[name]));
    expect(await ourReading(bytes)).toEqual(refusals.has(name) ? 'refused' : (theirs ?? 'refused'));
  });
});
