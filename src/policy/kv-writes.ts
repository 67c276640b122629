import { winnerOf } from './evaluate.ts';
import type { Meaning, ParameterValues, PolicyRule } from './rule.ts';

/** The parameters of every write to a data path of KV version 2; what is stored lies inside `data`. */
const parameters = ['data', 'options'];
const writes = ['create', 'update', 'patch'];

/**
 * Why the rule that counts on a data path of KV version 2 refuses every write there, although it gives the capability:
 * it is written as if what is stored were parameters. sys/capabilities tells nothing of that. Undefined: it does not.
 */
export function refusedKvWrite(rules: PolicyRule[], claim: { capability: string; path: string }): string | undefined {
  if (!writes.includes(claim.capability)) return undefined;
  const winner = winnerOf(rules, claim.path, 'vault');
  return winner && reasonIn(winner);
}

/** The same of one rule by itself. */
export function reasonIn(rule: Pick<Meaning, 'path' | 'capabilities'> & Partial<Meaning>): string | undefined {
  if (!rule.capabilities.some((one) => writes.includes(one))) return undefined;
  const { allowed_parameters: allowed, denied_parameters: denied, required_parameters: required = [] } = rule;
  const foreign = required.filter((name) => !parameters.includes(name));
  const rest = 'and a write to KV version 2 has data and options alone, so every one is refused';
  if (foreign.length > 0) return `"${rule.path}" requires the parameters ${foreign.join(', ')}, ${rest}`;
  if (allowed && allowed.size > 0 && !allowed.has('data') && !allowed.has('*'))
    return `"${rule.path}" allows the parameters ${[...allowed.keys()].join(', ')} alone, ${rest}`;
  return denied && (all(denied, 'data') || all(denied, '*'))
    ? `"${rule.path}" denies the parameter data, ${rest}`
    : undefined;
}

function all(denied: ParameterValues, name: string): boolean {
  return denied.get(name)?.length === 0;
}
