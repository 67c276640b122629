import { type Examination, known } from '../facts/examination.ts';
import { acceptedOf } from '../facts/refusal.ts';

/** With what a login was good: another audience, another number of uses may not be. '' where none was tried. */
export function testedWith(x: Examination): string {
  const accepted = acceptedOf(x);
  if (!accepted) return '';
  const { audiences = [] } = known(x.login)?.claims ?? {};
  const token = `${x.patient.jwt ? 'the given token' : 'a token'} for ${audiences.join(', ') || 'nobody in particular'}`;
  const uses = known(x.role.stored)?.['token_num_uses'];
  const good = `Vault's token lives ${accepted.ttl} s${uses === undefined ? '' : `, ${Number(uses) || 'any number of'} use${uses === 1 ? '' : 's'}`}`;
  const own =
    x.patient.jwt || x.patient.recipe ? '' : "; if your Pod's token is for something else, give it with --jwt-file";
  return `tested with ${token}; ${good}${own}`;
}
