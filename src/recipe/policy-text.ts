/** One path of a policy as recipes write it. */
export interface PathRule {
  path: string;
  capabilities: readonly string[];
}

/** The policy in HCL, always in the same form: one block a path in the order given, no comments. */
export function printPolicy(rules: readonly PathRule[]): string {
  return rules.map(block).join('\n');
}

function block({ path, capabilities }: PathRule): string {
  return `path ${quote(path)} {\n  capabilities = [${capabilities.map(quote).join(', ')}]\n}\n`;
}

/** HCL takes `${…}` as it is; only the placeholder for the accessor may stand so. */
function quote(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `"${escaped.replace(/\$\{(?!accessor\})/g, '\\x24{')}"`;
}
