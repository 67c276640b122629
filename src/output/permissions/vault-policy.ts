import type { Right, VaultRight } from '../../model/rights.ts';
import { printPlain } from '../../policy/print.ts';

/** An ACL policy with exactly these rules, each with who needs it; optional ones stand in it as comments. */
export function vaultPolicy(rights: Right[]): string {
  const blocks = new Map<string, { rule: VaultRight; neededBy: string[]; optional?: string }>();
  for (const { rule, neededBy, optional } of rights) {
    if (rule.system !== 'vault') continue;
    const key = `${rule.path} ${optional ?? ''}`;
    const block = blocks.get(key) ?? {
      rule: { ...rule, capabilities: [] },
      neededBy: [],
      optional,
    };
    block.rule.capabilities = [...new Set([...block.rule.capabilities, ...rule.capabilities])];
    block.neededBy = [...new Set([...block.neededBy, ...neededBy])];
    blocks.set(key, block);
  }
  return [...blocks.values()].map(printBlock).join('\n');
}

function printBlock({ rule, neededBy, optional }: { rule: VaultRight; neededBy: string[]; optional?: string }): string {
  const lines = [`path ${printPlain(rule.path)} {`, `  capabilities = ${printPlain(rule.capabilities)}`, '}'];
  if (optional === undefined) return [`# ${neededBy.join(', ')}`, ...lines, ''].join('\n');
  const why = `# Optional, for ${neededBy.join(', ')}; without it ${optional}.`;
  return [why, ...lines.map((line) => `# ${line}`), ''].join('\n');
}
