import { printPlain, until } from './print.ts';
import type { Plain } from './reading/tree.ts';
import { capabilityNames, type Meaning, type ParameterValues, type PolicyRule } from './rule.ts';
import { withTightTemplates } from './templates.ts';

/**
 * Blocks for one path joined as the servers join them: capabilities add up, deny wins, the shorter time wins.
 * Blocks with different expirations stay apart, since what they come to changes when one of them ends.
 * The key is fit to show.
 */
export function merged(rules: PolicyRule[]): Map<string, Meaning> {
  const groups = new Map<string, Meaning[]>();
  for (const { line: _line, column: _column, ...rule } of rules) {
    const path = withTightTemplates(rule.path);
    const key = rule.expiration === undefined ? path : `${path} (until ${until(rule.expiration)})`;
    const group = groups.get(key);
    if (group) group.push(rule);
    else groups.set(key, [{ ...rule, path }]);
  }
  return new Map([...groups].map(([key, group]) => [key, normal(joined(group))]));
}

/** All at once: one after the other would copy what was joined before again and again. */
function joined(group: Meaning[]): Meaning {
  const [first = { path: '', capabilities: [] }] = group;
  const deny = group.find(({ capabilities }) => capabilities.includes('deny'));
  if (deny) return { ...deny, path: first.path };
  if (group.length === 1) return first;
  return {
    ...first,
    capabilities: group.flatMap(({ capabilities }) => capabilities),
    min_wrapping_ttl: least(group.map((one) => one.min_wrapping_ttl)),
    max_wrapping_ttl: least(group.map((one) => one.max_wrapping_ttl)),
    pagination_limit: least(group.map((one) => one.pagination_limit)),
    allowed_parameters: joinedParameters(group.map((one) => one.allowed_parameters)),
    denied_parameters: joinedParameters(group.map((one) => one.denied_parameters)),
    required_parameters: group.flatMap((one) => one.required_parameters ?? []),
    mfa_methods: group.flatMap((one) => one.mfa_methods ?? []),
    // Here the servers do not add up: what the first block leaves out stays out.
    subscribe_event_types: first.subscribe_event_types?.length
      ? group.flatMap((one) => one.subscribe_event_types ?? [])
      : undefined,
  };
}

function least(values: (number | undefined)[]): number | undefined {
  const given = values.flatMap((value) => value || []);
  return given.length === 0 ? undefined : given.reduce((one, other) => Math.min(one, other));
}

/** No values mean any value, and that wins over a list. */
function joinedParameters(all: (ParameterValues | undefined)[]): ParameterValues {
  const lists = new Map<string, Plain[][]>();
  for (const parameters of all)
    for (const [name, values] of parameters ?? []) {
      const held = lists.get(name);
      if (held) held.push(values);
      else lists.set(name, [values]);
    }
  return new Map([...lists].map(([name, held]) => [name, held.some(({ length }) => length === 0) ? [] : held.flat()]));
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
