import type { Problem } from '../../errors.ts';
import { scrub } from '../../secret.ts';
import type { ApiStatus } from '../answers/schemas.ts';
import type { Asked } from './resource-path.ts';

/** A 409: another field manager owns what we want to set, or two writers met. */
export function conflict(what: Asked, body: ApiStatus | undefined, said: string): Problem {
  const owned = (body?.details?.causes ?? []).filter(({ reason }) => reason === 'FieldManagerConflict');
  if (owned.length === 0) {
    return {
      code: 'kubernetes-error',
      subject: what.subject,
      message: `${what.subject}: somebody else is changing it at this moment: ${said}`,
      fix: [{ why: 'Run again.' }],
    };
  }
  const fields = owned.map(({ field, message }) => `${field} is owned by ${ownerIn(message)}`);
  return {
    code: 'field-conflict',
    subject: what.subject,
    message: scrub(
      `${what.subject}: ${fields.join('; ')}, with another value than the recipe's; vaultbind never takes a field by force`,
    ),
    fix: [
      {
        why: 'Let its owner set the same value, or give the field up, or change the recipe; see who owns what.',
        command: what.shownBy({ 'show-managed-fields': true, output: 'yaml' }),
      },
    ],
  };
}

/** `conflict with "kubectl-client-side-apply" using v1 at …`. */
function ownerIn(message: string | undefined): string {
  return /conflict with "([^"]+)"/.exec(message ?? '')?.[1] ?? 'another field manager';
}

/** A 422 of a binding whose roleRef is another one. */
export function immutableRole(what: Asked): Problem {
  return {
    code: 'binding-role-immutable',
    subject: what.subject,
    message: `${what.subject} refers to another ClusterRole, and that cannot be changed`,
    fix: [
      {
        why: 'Name another binding in the recipe (auth.reviewer.binding), or delete this one if nobody needs it.',
        command: what.shownBy({ output: 'yaml' }),
      },
    ],
  };
}
