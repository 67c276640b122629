import type { State } from '../contracts/step.ts';
import type { FieldKind, FieldTable } from '../model/field-table.ts';
import type { FieldChange } from '../model/report.ts';
import { hostIn } from '../trust/api-host.ts';
import { caIn } from '../trust/read-ca.ts';

/** The fields of the table in which the two differ, in the table's order. `observed` undefined: all that is not default. */
export function diffFields(table: FieldTable, desired: State, observed: State | undefined): FieldChange[] {
  return Object.entries(table).flatMap(([name, field]) => {
    const after = desired[name] ?? field.default;
    const before = observed ? (observed[name] ?? field.default) : field.default;
    if (canonical(field.kind, before) === canonical(field.kind, after)) return [];
    const change: FieldChange = { field: name, after };
    if (observed) change.before = before;
    if (field.sensitive) change.sensitive = true;
    return [change];
  });
}

/** Equal texts for equal meanings. */
export function canonical(kind: FieldKind, value: unknown): string {
  if (value === undefined || value === null || value === '') return kind === 'set' || kind === 'cidrs' ? '[]' : '';
  switch (kind) {
    case 'set':
      return JSON.stringify(distinct(value));
    case 'cidrs':
      return JSON.stringify([
        ...new Set(distinct(value).map((cidr) => cidr.replace(/\/32$/, '').replace(/\/128$/, ''))),
      ]);
    case 'host':
      return hostIn(value) ?? String(value);
    case 'ca':
      return caIn(value)?.key ?? pem(String(value));
    case 'pems':
      return Array.isArray(value) ? value.map((one) => pem(String(one))).join('\n') : pem(String(value));
    case 'number':
      return String(Number(value));
    default:
      return String(value);
  }
}

function distinct(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return [...new Set(list.map(String))].sort();
}

function pem(text: string): string {
  return text.replace(/\r\n/g, '\n').trim();
}
