import { describe, expect, it } from 'vitest';
import { FailedError } from '../../src/errors.ts';
import { type Written, writeAsRead } from '../../src/steps/as-read.ts';
import { shown } from '../shown.ts';

/** Ends as scripted, one attempt after the other, and then in the last way for ever. */
function scripted(...ends: Written[]) {
  let tries = 0;
  let forgotten = 0;
  const attempt = async () => ends[Math.min(tries++, ends.length - 1)] ?? 'in-place';
  const kubernetes = {
    forget: () => {
      forgotten += 1;
    },
  };
  return { attempt, kubernetes, tries: () => tries, forgotten: () => forgotten };
}

describe('a write upon what was read', () => {
  it.each<[Written[], number]>([
    [['in-place'], 1],
    [['created'], 1],
    [['exists', 'updated'], 2],
    [['stale', 'exists', 'stale', 'created'], 4],
  ])('%j: %i attempts, each with a fresh look', async (ends, count) => {
    const { attempt, kubernetes, tries, forgotten } = scripted(...ends);
    await writeAsRead('ClusterRoleBinding tr', kubernetes, attempt);
    expect([tries(), forgotten()]).toEqual([count, count - 1]);
  });

  it('gives up when somebody is always faster, and says so', async () => {
    const { attempt, kubernetes, tries } = scripted('stale');
    const error = await writeAsRead('Secret ns/token', kubernetes, attempt).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FailedError);
    expect(error).toMatchObject({ exit: 1, code: 'written-by-others', problems: [{ subject: 'Secret ns/token' }] });
    expect(shown((error as FailedError).problems)[0]?.fix[0]?.command).toBe(
      'kubectl get secret token --namespace=ns --show-managed-fields --output=yaml',
    );
    expect(tries()).toBeLessThan(20);
  });
});
