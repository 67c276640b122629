import { setTimeout } from 'node:timers/promises';
import type { Command } from '../command.ts';
import { FailedError } from '../errors.ts';
import type { KubernetesSession } from '../kubernetes/api.ts';
import { ownersShown } from '../kubernetes/owners.ts';

/** Of as many writers at the same moment one gets through each time. */
const attempts = 12;
/** Milliseconds at most before the first next try; the others wait longer. */
const pause = 20;

export type Written = 'in-place' | 'created' | 'updated' | 'exists' | 'stale';

/**
 * Reads, decides and writes until nobody else wrote between the two. Each attempt decides anew by what is there, so
 * that two writers of one object add to each other. Errors: FailedError written-by-others when somebody is always faster.
 */
export async function writeAsRead(
  subject: string,
  kubernetes: Pick<KubernetesSession, 'forget'>,
  attempt: () => Promise<Written>,
): Promise<undefined> {
  for (let tries = 1; tries <= attempts; tries += 1) {
    const written = await attempt();
    if (written !== 'exists' && written !== 'stale') return;
    kubernetes.forget();
    await setTimeout(Math.random() * pause * tries);
  }
  throw new FailedError({
    code: 'written-by-others',
    subject,
    message: `somebody else wrote it each of the ${attempts} times between our look and our write; it was left as they have it`,
    fix: [
      { why: 'run it again when the other writer is done; see who it is by the managers', command: managers(subject) },
    ],
  });
}

/** @param subject `Kind name` or `Kind namespace/name` */
function managers(subject: string): Command {
  const [kind = '', object = ''] = subject.split(' ');
  const [name = '', namespace = ''] = object.split('/').toReversed();
  return ownersShown(kind, { namespace, name });
}
