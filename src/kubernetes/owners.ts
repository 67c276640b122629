import type { V1ManagedFieldsEntry } from '@kubernetes/client-node';
import type { Command } from '../command.ts';
import { kubectl } from '../model/commands.ts';

/** What vaultbind writes as. */
export const fieldManager = 'vaultbind';

/** A field and somebody else who decides it. */
export interface Owned {
  /** As Kubernetes writes it, e.g. `.subjects`. */
  field: string;
  /** The field manager's name, as the server has it. */
  owner: string;
}

/** Who else than vaultbind owns these fields. A field that nobody is said to own is taken from nobody. */
export function ownedByOthers(managedFields: V1ManagedFieldsEntry[], fields: string[][]): Owned[] {
  return fields.flatMap((path) => {
    const owners = managedFields
      .filter(({ manager, fieldsV1 }) => manager !== fieldManager && holds(fieldsV1, path))
      .map(({ manager }) => manager || 'a field manager without a name');
    return [...new Set(owners)].map((owner) => ({ field: path.map((part) => `.${part}`).join(''), owner }));
  });
}

/** Shows who owns which field of an object. */
export function ownersShown(kind: string, { namespace, name }: { namespace: string; name: string }): Command {
  const where = namespace === '' ? {} : { namespace };
  return kubectl('get', [kind.toLowerCase(), name], { ...where, 'show-managed-fields': true, output: 'yaml' });
}

/** FieldsV1 names each field `f:NAME`; one without fields of its own is owned whole. */
function holds(owned: unknown, [part, ...rest]: string[]): boolean {
  if (typeof owned !== 'object' || owned === null) return false;
  if (part === undefined || Object.keys(owned).length === 0) return true;
  const inner = Object.entries(owned).find(([name]) => name === `f:${part}`);
  return inner !== undefined && holds(inner[1], rest);
}
