import { readHcl } from './hcl.ts';
import { readJson } from './json.ts';
import { type Report, readRule } from './read-rule.ts';
import type { PolicyProblem, PolicyRule } from './rule.ts';
import { type Block, type Item, PolicySyntaxError } from './tree.ts';

export interface ParsedPolicy {
  /** In the order written, one a path block; empty when the text cannot be read at all. */
  rules: PolicyRule[];
  problems: PolicyProblem[];
}

/**
 * Reads an ACL policy, HCL version 1 or JSON, as the servers do, and says what they would refuse. After a mistake in
 * the language itself nothing more is read; mistakes in what is said are all reported.
 */
export function parsePolicy(text: string): ParsedPolicy {
  const rules: PolicyRule[] = [];
  const problems: PolicyProblem[] = [];
  const report: Report = (message, { line, column }, refusedBy = 'both') => {
    problems.push({ message, line, column, refusedBy });
  };
  try {
    const root = read(text);
    reportDuplicates(root, report);
    for (const item of root.items) readTop(item, rules, report);
  } catch (error) {
    if (!(error instanceof PolicySyntaxError)) throw error;
    report(error.message, error.at);
  }
  return { rules, problems };
}

function read(text: string): Block {
  if (text === '') throw new PolicySyntaxError('the policy is empty', { line: 1, column: 1 });
  const lines = text.replaceAll('\r\n', '\n');
  return lines.trimStart().startsWith('{') ? readJson(lines) : readHcl(lines);
}

function readTop({ keys, value }: Item, rules: PolicyRule[], report: Report): void {
  const [key, label] = keys;
  if (!key) return;
  // The name is that of the request; one in the text is taken and means nothing.
  if (key.text === 'name') {
    if (label || (value.kind !== 'string' && value.kind !== 'number')) report('name must be a string', key);
    return;
  }
  if (key.text !== 'path') {
    report(`"${key.text}" is no key of a policy; those are path and name`, key);
  } else if (value.kind !== 'block') {
    report('write path "…" { capabilities = […] }', value);
  } else {
    // A block without a label is one for the path named "path": so the servers take it.
    const named = label ?? key;
    rules.push(readRule(named.text, value, named, report));
  }
}

/** Vault since 1.21 refuses an attribute given twice in one block; OpenBao joins lists and takes the last of others. */
function reportDuplicates(block: Block, report: Report): void {
  const seen = new Set<string>();
  for (const { keys, assigned, value } of block.items) {
    const key = keys[0];
    if (assigned && key) {
      if (seen.has(key.raw)) report(`${key.text} is set twice in one block; Vault refuses that`, key, 'vault');
      seen.add(key.raw);
    }
    const inner = value.kind === 'list' ? value.items : [value];
    for (const tree of inner) if (tree.kind === 'block') reportDuplicates(tree, report);
  }
}
