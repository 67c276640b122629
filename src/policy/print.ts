import type { Plain } from './reading/tree.ts';
import type { Meaning } from './rule.ts';

/** One line for a plan: `read, list; min_wrapping_ttl 90s`. */
export function describeRule({ path: _path, capabilities, ...limits }: Meaning): string {
  const parts = Object.entries(limits).map(([field, value]) => `${field} ${shown(field, value)}`);
  return [capabilities.join(', ') || 'no capability', ...parts].join('; ');
}

/** A value in HCL, on one line. */
export function printPlain(value: Plain): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(printPlain).join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  const items = [...value].map(([key, inner]) => `${quoted(key)} = ${printPlain(inner)}`);
  return `{ ${items.join(', ')} }`;
}

/** What to ask for, on one line within a sentence. A name in the path stays inside its string, whatever it holds. */
export function printGrant(path: string, capabilities: readonly string[]): string {
  return `path ${printPlain(path)} { capabilities = ${printPlain([...capabilities])} }`;
}

/** A point in time given in seconds since 1970. */
export function until(expiration: number): string {
  const date = new Date(expiration * 1000);
  return Number.isNaN(date.getTime()) ? String(expiration) : date.toISOString();
}

function shown(field: string, value: Plain): string {
  if (field.endsWith('_ttl')) return `${value}s`;
  return field === 'expiration' ? until(Number(value)) : printPlain(value);
}

/** HCL takes what stands inside `${…}` as it is, so the opening is written with an escape. */
function quoted(text: string): string {
  const escapes: Record<string, string> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return `"${text.replace(/[\\"\n\r\t]/g, (found) => escapes[found] ?? found).replaceAll('${', '\\x24{')}"`;
}
