import { describe, expect, it } from 'vitest';
import type { Check, Outcome } from '../../src/contracts/check.ts';
import type { Laboratory } from '../../src/contracts/experiment.ts';
import { verify } from '../../src/engine/verify.ts';

const good: Outcome = { status: 'ok', code: 'in-place', message: 'logs in' };
const bad: Outcome = { status: 'failed', code: 'login-refused', message: 'is refused' };
const empty = { recheck: async () => [] } as unknown as Laboratory;

/** Right after an apply, one check after the other. */
async function proved(checks: Pick<Check, 'judge' | 'retryFor'>[]) {
  const all = checks.map((one) => ({ step: 'login', check: { title: '', subject: '', about: [], needs: [], ...one } }));
  const options = { observer: () => undefined, parallel: 1, signal: new AbortController().signal, settling: true };
  return (await verify(all, () => empty, options)).findings.map(({ status }) => status);
}

describe('the proof right after an apply', () => {
  it('tries again what a server may not have caught up with', async () => {
    const answers = [bad, good];
    expect(await proved([{ judge: () => answers.shift() ?? bad, retryFor: 60_000 }])).toEqual(['ok']);
  });

  it('waits once for the servers, however many checks fail', async () => {
    let tries = 0;
    const judge = () => {
      tries += 1;
      return bad;
    };
    const checks = Array.from({ length: 4 }, () => ({ judge, retryFor: 400 }));
    expect(await proved(checks)).toEqual(['failed', 'failed', 'failed', 'failed']);
    // Between two tries lie 250 ms, so one more try is all that fits.
    expect(tries).toBeLessThanOrEqual(checks.length + 1);
  });
});
