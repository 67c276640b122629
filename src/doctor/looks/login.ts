import { question } from '../../contracts/experiment.ts';
import type { Ear } from '../../proof/monitor.ts';
import { observedLogin } from '../../proof/observed-login.ts';
import type { AccessClaim } from '../../recipe/recipe.ts';
import { type Examination, known } from '../examination.ts';
import { ownRole } from '../refusal.ts';
import type { AskFact } from './ask.ts';

/** The login itself, as the workload would make it. */
export async function tryLogin(x: Examination, ask: AskFact, ear: Pick<Ear, 'monitor' | 'spared'>): Promise<void> {
  const { mount, role, can, cannot, jwt } = x.patient;
  const account = x.tried ?? (jwt ? { namespace: '', name: '' } : undefined);
  if (role === undefined || account === undefined) return;
  const accessor = known(x.mount)?.accessor;
  x.login = await ask(
    question(observedLogin, {
      mount,
      role,
      service_account: account,
      audience: audienceOf(x),
      ...ear,
      can: can.map(plain),
      cannot: cannot.map(plain),
      accessor,
      jwt,
    }),
  );
}

/** Without its place: the same login is tried once. */
const plain = ({ capability, path }: AccessClaim) => ({ capability, path });

/** What the workload's token should be for: the recipe decides, because the stored role may have drifted. '': the API server's own. */
function audienceOf(x: Examination): string {
  const { audience } = x.patient;
  if (audience !== undefined) return audience;
  const wanted = ownRole(x);
  if (wanted) return wanted.audience ?? '';
  return String(known(x.role)?.['audience'] ?? '');
}
