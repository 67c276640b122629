import type { Problem } from '../../errors.ts';
import { scrub } from '../../secret.ts';
import { type Owned, ownersShown } from '../owners.ts';
import type { AskedOfCluster } from './resource-path.ts';

/** A 409 that is not what a write expects: two writers met, or an admission webhook says so. */
export function conflict(what: AskedOfCluster, said: string): Problem {
  return {
    code: 'kubernetes-error',
    subject: what.subject,
    message: `${what.subject}: somebody else is changing it at this moment: ${said}`,
    fix: [{ why: 'Run again.' }],
  };
}

/** Another field manager decides what we want to set. */
export function ownedElsewhere(kind: string, object: { namespace: string; name: string }, owned: Owned[]): Problem {
  const { namespace, name } = object;
  const subject = `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
  const fields = owned.map(({ field, owner }) => `${field} is owned by ${owner}`);
  return {
    code: 'field-conflict',
    subject,
    message: scrub(
      `${subject}: ${fields.join('; ')}, with another value than the recipe's; vaultbind never takes a field by force`,
    ),
    fix: [
      {
        why: 'Let its owner set the same value, or give the field up, or change the recipe; see who owns what.',
        command: ownersShown(kind, object),
      },
    ],
  };
}
