import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf, requestOf } from '../../src/policy/requests.ts';
import { Good, proofThatItCan, proofThatItCannot, type Tries } from '../../src/proof/access.ts';
import type { WorkloadAnswer } from '../../src/vault/api.ts';

/** The law: Good is made of an answer to the claim's own request, and of nothing else. */
const claim = fc.record({
  capability: fc.constantFrom('read', 'list', 'scan', 'update', 'create', 'delete', 'sudo'),
  path: fc.constantFrom('secret/data/a', 'secret/metadata/a', 'secret/metadata/a/', 'pki/issue/x'),
});
const answer: fc.Arbitrary<WorkloadAnswer> = fc.record(
  {
    status: fc.constantFrom(200, 204, 301, 400, 403, 404, 405),
    said: fc.string(),
    ofToken: fc.constant(true as const),
    noMount: fc.constant(true as const),
  },
  { requiredKeys: ['status', 'said'] },
);
const held = fc.constantFrom<string[][]>(['deny'], ['read'], ['list'], ['read', 'list', 'update'], ['root']);
const untried = fc.record({ because: fc.string(), absent: fc.constant(true as const) }, { requiredKeys: ['because'] });
const keys = fc.constantFrom(
  'GET secret/data/a',
  'LIST secret/metadata/a/',
  'LIST secret/metadata/a',
  'update pki/issue/x',
);
const tries: fc.Arbitrary<Tries> = fc.record({
  capabilities: fc.dictionary(fc.constantFrom('secret/data/a', 'secret/metadata/a', 'secret/metadata/a/'), held),
  answers: fc.dictionary(keys, answer),
  untried: fc.dictionary(keys, untried),
});

describe('a proof', () => {
  it('is good only where the very request was made and answered so', () => {
    fc.assert(
      fc.property(tries, claim, (seen, one) => {
        const own = requestOf(one).request ? seen.answers[keyOf(one)] : undefined;
        if (proofThatItCan(seen, one) instanceof Good) expect(own?.status).toBeOneOf([200, 204]);
        if (proofThatItCannot(seen, one) instanceof Good) expect([own?.status, own?.ofToken]).toEqual([403, undefined]);
      }),
      { numRuns: 2000 },
    );
  });

  it('of a list takes no notice of the path without its slash', () => {
    const one = { capability: 'list', path: 'secret/metadata/a' };
    const allowed = { ...empty, capabilities: { 'secret/metadata/a': ['deny'], 'secret/metadata/a/': ['list'] } };
    expect(proofThatItCan(allowed, one)).toEqual({ proof: 'asked', because: 'nothing was tried' });
    expect(proofThatItCannot(allowed, one)).toMatchObject({ proof: 'bad', code: 'access-too-wide' });
  });

  const read = { capability: 'read', path: 'secret/data/a' };
  const answered = (status: number, rest: Partial<WorkloadAnswer> = {}): Tries => ({
    ...empty,
    answers: { 'GET secret/data/a': { status, said: '', ...rest } },
  });
  const may = (seen: Tries): Tries => ({ ...seen, capabilities: { 'secret/data/a': ['read'] } });

  it.each([
    ['200', answered(200), 'good'],
    ['404', answered(404), 'empty'],
    ['404 without a mount', answered(404, { noMount: true }), 'bad secrets-engine-missing'],
    ['403', answered(403), 'bad read-failed'],
    ['400', answered(400), 'bad read-failed'],
    ['nothing', empty, 'asked'],
  ])('that it can read, by %s', (_what, seen, wanted) => {
    expect(inWord(proofThatItCan(may(seen), read))).toBe(wanted);
    expect(inWord(proofThatItCan(seen, read))).toBe('bad access-denied');
  });

  it.each([
    ['403', answered(403), 'good'],
    ['403 that may be about the token itself', answered(403, { ofToken: true }), 'asked'],
    ['200', answered(200), 'bad access-too-wide'],
    ['404', answered(404), 'bad access-too-wide'],
    ['404 without a mount, which Vault says to nobody without the right', answered(404, { noMount: true }), 'asked'],
    ['400', answered(400), 'asked'],
    ['nothing', empty, 'asked'],
  ])('that it cannot read, by %s', (_what, seen, wanted) => {
    expect(inWord(proofThatItCannot(seen, read))).toBe(wanted);
    expect(inWord(proofThatItCannot(may(seen), read))).toBe('bad access-too-wide');
  });
});

const empty: Tries = { capabilities: {}, answers: {}, untried: {} };

function inWord(proof: ReturnType<typeof proofThatItCan>): string {
  return proof.proof === 'bad' ? `bad ${proof.code}` : proof.proof;
}
