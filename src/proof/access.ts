import { holds, keyOf, requestOf } from '../policy/requests.ts';
import type { WorkloadAnswer } from '../vault/api.ts';

/** One access that a workload should have, or should not. */
export interface Claim {
  capability: string;
  path: string;
}

/** What a token was asked and tried for. */
export interface Tries {
  /** As sys/capabilities answers, by the path that a request is judged on. */
  capabilities: Record<string, string[]>;
  /** By keyOf: what Vault said to the workload's own request. */
  answers: Record<string, WorkloadAnswer>;
  /** By keyOf: why there is no answer. */
  untried: Record<string, Untried>;
}

export interface Untried {
  because: string;
  /** No secrets engine is mounted where the path leads: nothing can be there. */
  absent?: true;
  /** A data path of KV version 2, whose writes have parameters of their own. */
  kvData?: true;
}

/**
 * What is known of one claim. Nothing is proved by silence: only the workload's own request, made and answered as it
 * should be, is Good. What was not tried is asked only, whatever sys/capabilities says.
 */
export type Proof =
  | Good
  | { proof: 'bad'; code: 'access-denied' | 'access-too-wide' | 'read-failed' | 'secrets-engine-missing'; said: string }
  /** Allowed, and nothing is stored there. */
  | { proof: 'empty'; said: string }
  | { proof: 'asked'; because: string };

/** Tried and good. A class with a private part, so that nothing else passes for one: it is made of an answer. */
export class Good {
  readonly proof = 'good';
  readonly #answer: WorkloadAnswer;

  private constructor(answer: WorkloadAnswer) {
    this.#answer = answer;
  }

  get said(): string {
    return `${this.#answer.status}`;
  }

  /** The request that should be allowed, and gave something. */
  static allowed(answer: WorkloadAnswer): Good | undefined {
    return answer.status >= 200 && answer.status < 300 ? new Good(answer) : undefined;
  }

  /** The request that should be refused, and was, by the token's policies and not because the token itself is no good. */
  static refused(answer: WorkloadAnswer): Good | undefined {
    return answer.status === 403 && !answer.ofToken ? new Good(answer) : undefined;
  }
}

export function proofThatItCan(tries: Tries, claim: Claim): Proof {
  if (!mayIn(tries, claim)) return { proof: 'bad', code: 'access-denied', said: capabilitiesIn(tries, claim) };
  const answer = answerIn(tries, claim);
  const { because, absent } = untriedIn(tries, claim);
  if (absent) return { proof: 'bad', code: 'secrets-engine-missing', said: because };
  if (!answer) return { proof: 'asked', because };
  const said = `${answer.status} ${answer.said}`.trim();
  if (answer.noMount) return { proof: 'bad', code: 'secrets-engine-missing', said };
  if (answer.status === 404) return { proof: 'empty', said };
  return Good.allowed(answer) ?? { proof: 'bad', code: 'read-failed', said };
}

export function proofThatItCannot(tries: Tries, claim: Claim): Proof {
  if (mayIn(tries, claim)) return { proof: 'bad', code: 'access-too-wide', said: capabilitiesIn(tries, claim) };
  const answer = answerIn(tries, claim);
  if (!answer) return { proof: 'asked', because: untriedIn(tries, claim).because };
  const good = Good.refused(answer);
  if (good) return good;
  const { status } = answer;
  const said = `${status} ${answer.said}`.trim();
  // A token without the right is refused before anybody looks whether something is mounted there.
  if ((status >= 200 && status < 300) || (status === 404 && !answer.noMount))
    return {
      proof: 'bad',
      code: 'access-too-wide',
      said: `${capabilitiesIn(tries, claim)}; the request itself: ${said}`,
    };
  return { proof: 'asked', because: `the request was answered ${said}, which tells nothing of its policies` };
}

/** What only bears the name of a request is no answer to one. */
function answerIn({ answers }: Tries, claim: Claim): WorkloadAnswer | undefined {
  return requestOf(claim).request && answers[keyOf(claim)];
}

function untriedIn({ untried }: Tries, claim: Claim): Untried {
  return untried[keyOf(claim)] ?? { because: 'nothing was tried' };
}

function mayIn({ capabilities }: Tries, claim: Claim): boolean {
  return holds(capabilities[requestOf(claim).path] ?? [], claim.capability);
}

function capabilitiesIn({ capabilities }: Tries, claim: Claim): string {
  const { path } = requestOf(claim);
  return `capabilities on ${path}: ${(capabilities[path] ?? []).join(', ')}`;
}
