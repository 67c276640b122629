import { isJson } from '../placeholder.ts';
import type { PolicyProblem, PolicyRule, Unclear } from '../rule.ts';
import { readHcl } from './hcl.ts';
import { readJson } from './json.ts';
import { oddCharacter } from './odd-characters.ts';
import { type ReportFault, readRule } from './read-rule.ts';
import { type At, type Block, clipped, type Item, PolicySyntaxError, UnclearPolicyError } from './tree.ts';

export interface ParsedPolicy {
  /** In the order written, one a path block; empty when the text cannot be read at all, or not with certainty. */
  rules: PolicyRule[];
  problems: PolicyProblem[];
  /** Why it is not certain that the servers read what we do; only the first reason. Then there are no rules. */
  unclear?: Unclear;
}

/**
 * Reads an ACL policy, HCL version 1 or JSON, as the servers do, and says what they would refuse. After a mistake in
 * the language itself nothing more is read; mistakes in what is said are all reported.
 *
 * Law: what cannot be read with certainty as both servers read it is `unclear`, and nothing is said of its meaning.
 */
export function parsePolicy(text: string): ParsedPolicy {
  const rules: PolicyRule[] = [];
  const problems: PolicyProblem[] = [];
  const doubts: Unclear[] = [];
  const report: ReportFault = (message, { line, column }, refusedBy = 'both') => {
    problems.push({ message, line, column, refusedBy });
  };
  const doubt = (message: string, { line, column }: At) => {
    doubts.push({ message, line, column });
  };
  try {
    const root = read(text);
    reportDuplicates(root, (message, at) => {
      report(message, at, 'vault');
      doubt(message, at);
    });
    for (const item of root.items) readTop(item, rules, report);
  } catch (error) {
    if (!(error instanceof PolicySyntaxError)) throw error;
    if (error instanceof UnclearPolicyError) doubt(error.message, error.at);
    else report(error.message, error.at);
  }
  const [unclear] = doubts;
  return unclear ? { rules: [], problems, unclear } : { rules, problems };
}

/** What a text says, where that is certain; undefined where it is not. */
export function clearRules(text: string): PolicyRule[] | undefined {
  const parsed = parsePolicy(text);
  return doubtIn(parsed) ? undefined : parsed.rules;
}

/** Why nobody can tell what the servers read in a text that one of them holds. */
export function doubtIn({ problems, unclear }: ParsedPolicy): Unclear | undefined {
  return unclear ?? problems.find(({ refusedBy }) => refusedBy === 'both');
}

function read(text: string): Block {
  if (text === '') throw new PolicySyntaxError('the policy is empty', { line: 1, column: 1 });
  const lines = text.replaceAll('\r\n', '\n');
  const odd = oddCharacter(lines);
  if (odd) refuseCharacter(lines, odd.index, odd.name);
  return isJson(lines) ? readJson(lines) : readHcl(lines);
}

function refuseCharacter(text: string, index: number, name: string): never {
  const before = text.slice(0, index).split('\n');
  const at = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  // Both servers refuse the first wherever it stands, and the second in ${…}; elsewhere it is broken text at best.
  if (name === 'U+0000' || name === 'U+FFFD') throw new PolicySyntaxError(`the policy holds ${name}`, at);
  throw new UnclearPolicyError(`the character ${name} is not read alike by everybody: leave it out`, at);
}

function readTop({ keys, value }: Item, rules: PolicyRule[], report: ReportFault): void {
  const [key, label] = keys;
  if (!key) return;
  // The name is that of the request; one in the text is taken and means nothing.
  if (key.text === 'name') {
    if (label || (value.kind !== 'string' && value.kind !== 'number')) report('name must be a string', key);
    return;
  }
  if (key.text !== 'path') {
    report(`"${clipped(key.text)}" is no key of a policy; those are path and name`, key);
  } else if (value.kind !== 'block') {
    report('write path "…" { capabilities = […] }', value);
  } else {
    // A block without a label is one for the path named "path": so the servers take it.
    const named = label ?? key;
    rules.push(readRule(named.text, value, named, report));
  }
}

/** Vault since 1.21 refuses an attribute given twice in one block; OpenBao joins lists and takes the last of others. */
function reportDuplicates(block: Block, report: (message: string, at: At) => void): void {
  const seen = new Set<string>();
  for (const { keys, assigned, value } of block.items) {
    const key = keys[0];
    if (assigned && key) {
      if (seen.has(key.raw)) report(`${clipped(key.text)} is set twice in one block; Vault refuses that`, key);
      seen.add(key.raw);
    }
    const inner = value.kind === 'list' ? value.items : [value];
    for (const tree of inner) if (tree.kind === 'block') reportDuplicates(tree, report);
  }
}
