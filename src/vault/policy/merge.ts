import { printPlain, until } from './print.ts';
import { capabilityNames, type Meaning, type ParameterValues, type PolicyRule } from './rule.ts';
import { withTightTemplates } from './templates.ts';
import type { Plain } from './tree.ts';

/**
 * Blocks for one path joined as the servers join them: capabilities add up, deny wins, the shorter time wins.
 * Blocks with different expirations stay apart, since what they come to changes when one of them ends.
 * The key is fit to show.
 */
export function merged(rules: PolicyRule[]): Map<string, Meaning> {
  const result = new Map<string, Meaning>();
  for (const { line: _line, column: _column, ...rule } of rules) {
    const path = withTightTemplates(rule.path);
    const key = rule.expiration === undefined ? path : `${path} (until ${until(rule.expiration)})`;
    const earlier = result.get(key);
    result.set(key, earlier ? join(earlier, rule) : { ...rule, path });
  }
  for (const [key, meaning] of result) result.set(key, normal(meaning));
  return result;
}

function join(first: Meaning, second: Meaning): Meaning {
  if (first.capabilities.includes('deny')) return first;
  if (second.capabilities.includes('deny')) return { ...second, path: first.path };
  return {
    ...first,
    capabilities: [...first.capabilities, ...second.capabilities],
    min_wrapping_ttl: least(first.min_wrapping_ttl, second.min_wrapping_ttl),
    max_wrapping_ttl: least(first.max_wrapping_ttl, second.max_wrapping_ttl),
    pagination_limit: least(first.pagination_limit, second.pagination_limit),
    allowed_parameters: joinParameters(first.allowed_parameters, second.allowed_parameters),
    denied_parameters: joinParameters(first.denied_parameters, second.denied_parameters),
    required_parameters: [...(first.required_parameters ?? []), ...(second.required_parameters ?? [])],
    mfa_methods: [...(first.mfa_methods ?? []), ...(second.mfa_methods ?? [])],
    // Here the servers do not add up: what the first block leaves out stays out.
    subscribe_event_types: first.subscribe_event_types?.length
      ? [...first.subscribe_event_types, ...(second.subscribe_event_types ?? [])]
      : undefined,
  };
}

function least(first: number | undefined, second: number | undefined): number | undefined {
  return first && second ? Math.min(first, second) : first || second;
}

/** No values mean any value, and that wins over a list. */
function joinParameters(first: ParameterValues = new Map(), second: ParameterValues = new Map()): ParameterValues {
  const result = new Map(first);
  for (const [name, values] of second) {
    const held = result.get(name);
    result.set(name, held ? (held.length === 0 || values.length === 0 ? [] : [...held, ...values]) : values);
  }
  return result;
}

function normal(meaning: Meaning): Meaning {
  const held = new Set(meaning.capabilities);
  const result: Meaning = { path: meaning.path, capabilities: capabilityNames.filter((name) => held.has(name)) };
  if (held.has('deny')) return { ...result, ...given({ expiration: meaning.expiration }) };
  return {
    ...result,
    ...given({
      allowed_parameters: normalParameters(meaning.allowed_parameters),
      denied_parameters: normalParameters(meaning.denied_parameters),
      required_parameters: set(meaning.required_parameters),
      min_wrapping_ttl: meaning.min_wrapping_ttl || undefined,
      max_wrapping_ttl: meaning.max_wrapping_ttl || undefined,
      mfa_methods: set(meaning.mfa_methods),
      subscribe_event_types: set(meaning.subscribe_event_types),
      expiration: meaning.expiration,
      pagination_limit: Math.max(meaning.pagination_limit ?? 0, 0) || undefined,
    }),
  };
}

function given<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

function set(values: string[] = []): string[] | undefined {
  return values.length > 0 ? [...new Set(values)].sort() : undefined;
}

function normalParameters(parameters: ParameterValues = new Map()): ParameterValues | undefined {
  if (parameters.size === 0) return undefined;
  const names = [...parameters.keys()].sort();
  return new Map(names.map((name) => [name, distinct(parameters.get(name) ?? [])]));
}

function distinct(values: Plain[]): Plain[] {
  const byText = new Map(values.map((value) => [printPlain(value), value]));
  return [...byText.keys()].sort().flatMap((key) => byText.get(key) ?? []);
}
