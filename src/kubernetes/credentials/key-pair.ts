import { type PairFault, pairFaults } from '../../http/key-pair.ts';
import type { Secret } from '../../secret.ts';

interface PairProblem {
  /** Which of the two is to blame. */
  part: 'certificate' | 'key';
  what: string;
}

const problems: Record<PairFault, PairProblem> = {
  'no-certificate': { part: 'certificate', what: 'a client certificate that is not PEM' },
  'no-key': { part: 'key', what: 'a client key that is not an unencrypted PEM key' },
  'no-pair': { part: 'key', what: 'a client key that does not belong to its client certificate' },
};

/** Why a client certificate and its key cannot be used together; undefined when they can. */
export function keyPairProblem(cert: string, key: Secret): PairProblem | undefined {
  const [fault] = pairFaults(cert, key);
  return fault && problems[fault];
}
