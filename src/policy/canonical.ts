import { placeholder } from './placeholder.ts';
import { printPlain } from './print.ts';
import type { ParameterValues, PolicyRule } from './rule.ts';

/** A rule to print: of a recipe, or read in a policy. */
export type PrintableRule = Pick<PolicyRule, 'path'> &
  Partial<Omit<PolicyRule, 'capabilities'>> & { capabilities: readonly string[] };

/** The policy in HCL, always in the same form: one block a path in the order given, no comments. */
export function printPolicy(rules: readonly PrintableRule[]): string {
  return rules.length === 0 ? nothing : rules.map(block).join('\n');
}

/** The servers take no empty text. */
const nothing = '# this policy names no path\n';

function block(rule: PrintableRule): string {
  const lines = [`capabilities = ${strings(rule.capabilities)}`, ...limits(rule)];
  return `path ${quote(rule.path)} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

/** What only one product knows has no canonical form: such policies are refused where only this text may leave. */
function limits(rule: PrintableRule): string[] {
  return [
    ...parameters('allowed_parameters', rule.allowed_parameters),
    ...parameters('denied_parameters', rule.denied_parameters),
    ...(rule.required_parameters ? [`required_parameters = ${strings(rule.required_parameters)}`] : []),
    ...duration('min_wrapping_ttl', rule.min_wrapping_ttl),
    ...duration('max_wrapping_ttl', rule.max_wrapping_ttl),
    ...(rule.mfa_methods ? [`mfa_methods = ${strings(rule.mfa_methods)}`] : []),
  ];
}

function parameters(field: string, values: ParameterValues | undefined): string[] {
  return values ? [`${field} = ${withPlaceholder(printPlain(values))}`] : [];
}

function duration(field: string, seconds: number | undefined): string[] {
  return seconds === undefined ? [] : [`${field} = "${seconds}s"`];
}

function strings(values: readonly string[]): string {
  return `[${values.map(quote).join(', ')}]`;
}

function quote(text: string): string {
  return withPlaceholder(printPlain(text));
}

/** HCL takes `${…}` as it is; only the placeholder for the accessor may stand so. */
function withPlaceholder(printed: string): string {
  return printed.replaceAll(`\\x24${placeholder.slice(1)}`, placeholder);
}
