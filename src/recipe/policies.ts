import type { Position } from '../errors.ts';
import { printPolicy } from '../policy/canonical.ts';
import { JudgedPolicy } from '../policy/judge.ts';
import type { PolicyProblem, PolicyRule, Unclear } from '../policy/rule.ts';
import type { PolicyDocument } from './schema/index.ts';

/** The text of a policy, wherever it was written, and what it says. */
export interface PolicyText {
  /** Lower case, as Vault stores it. */
  name: string;
  /** '' when there is none, or its file could not be read. */
  hcl: string;
  judged: JudgedPolicy;
  /** Empty when it is not clear. */
  rules: PolicyRule[];
  /** Why it is not certain what the servers read in it. */
  unclear?: Unclear;
  problems: PolicyProblem[];
  /** Position of a line and column of `hcl`; undefined when vaultbind printed it of `rules`. */
  at?: (line: number, column: number) => Position;
}

/** `text` is undefined when the file could not be read. */
export function policyText(policy: PolicyDocument, text: string | undefined, at?: PolicyText['at']): PolicyText {
  const name = policy.name.toLowerCase();
  const hcl = text ?? (policy.rules ? printPolicy(policy.rules) : '');
  const judged = JudgedPolicy.of(hcl);
  const { rules, problems, unclear } = judged;
  return { name, hcl, judged, rules, problems, unclear, at };
}
