import type { Position } from '../errors.ts';
import { parsePolicy } from '../vault/policy/parse.ts';
import type { PolicyProblem, PolicyRule } from '../vault/policy/rule.ts';
import { printPolicy } from './policy-text.ts';
import type { PolicyDocument } from './schema/index.ts';

/** The text of a policy, wherever it was written, and what it says. */
export interface PolicyText {
  /** Lower case, as Vault stores it. */
  name: string;
  /** '' when there is none, or its file could not be read. */
  hcl: string;
  rules: PolicyRule[];
  problems: PolicyProblem[];
  /** Position of a line and column of `hcl`; undefined when vaultbind printed it of `rules`. */
  at?: (line: number, column: number) => Position;
}

/** `text` is undefined when the file could not be read. */
export function policyText(policy: PolicyDocument, text: string | undefined, at?: PolicyText['at']): PolicyText {
  const name = policy.name.toLowerCase();
  const hcl = text ?? (policy.rules ? printPolicy(policy.rules) : '');
  const parsed = hcl.trim() === '' ? { rules: [], problems: [] } : parsePolicy(hcl);
  return { name, hcl, ...parsed, ...(at ? { at } : {}) };
}
