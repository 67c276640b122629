import { question } from '../../contracts/experiment.ts';
import type { ServiceAccountName } from '../../model/account.ts';
import type { Ear } from '../../proof/monitor.ts';
import { type ObservedLoginSubject, observedLogin } from '../../proof/observed-login.ts';
import type { AccessClaim } from '../../recipe/recipe.ts';
import { type Examination, known, unasked } from '../examination.ts';
import type { Patient } from '../patient.ts';
import { ownRole } from '../refusal.ts';
import type { AskFact } from './ask.ts';

/** The login itself, as the workload would make it. */
export async function tryLogin(
  x: Before,
  ask: AskFact,
  ear: Pick<Ear, 'monitor' | 'spared'>,
): Promise<Examination['login']> {
  const { role, jwt } = x.patient;
  const account = x.account.tried ?? (jwt ? { namespace: '', name: '' } : undefined);
  if (role === undefined || account === undefined) return unasked;
  const accessor = known(x.mount.found)?.accessor;
  return await ask(loginAsk(x.patient, role, account, { ...ear, audience: audienceOf(x), accessor }));
}

type Before = Pick<Examination, 'patient' | 'mount' | 'role' | 'account'>;

export const loginAsk = (
  { mount, can, cannot, jwt }: Patient,
  role: string,
  account: ServiceAccountName,
  how: Pick<ObservedLoginSubject, 'monitor' | 'spared' | 'audience' | 'accessor'>,
) =>
  question(observedLogin, {
    ...how,
    mount,
    role,
    service_account: account,
    can: can.map(plain),
    cannot: cannot.map(plain),
    jwt,
  });

/** Without its place: the same login is tried once. */
const plain = ({ capability, path }: AccessClaim) => ({ capability, path });

/** What the workload's token should be for: the recipe decides, because the stored role may have drifted. '': the API server's own. */
function audienceOf(x: Before): string {
  const { audience } = x.patient;
  if (audience !== undefined) return audience;
  const wanted = ownRole(x);
  if (wanted) return wanted.audience ?? '';
  return String(known(x.role.stored)?.['audience'] ?? '');
}
