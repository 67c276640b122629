import { type Fact, question } from '../../contracts/experiment.ts';
import { binds, type ServiceAccountName } from '../../model/account.ts';
import { roleNames, storedRole } from '../../proof/auth-method.ts';
import { boundBy } from '../bound.ts';
import { type BindingRole, known } from '../examination.ts';
import type { AskFact } from './ask.ts';

/** More roles than these are not read. */
const mostRoles = 50;

export async function bindingRoles(
  ask: AskFact,
  mount: string,
  account: ServiceAccountName | undefined,
): Promise<{ names: Fact<string[]>; binding: BindingRole[] }> {
  const roles = await ask(question(roleNames, mount));
  const names = account ? (known(roles) ?? []).slice(0, mostRoles) : [];
  const found = await Promise.all(
    names.map(async (role) => ({ role, stored: known(await ask(question(storedRole, { mount, role }))) })),
  );
  const binding = found
    .filter(({ stored }) => account && stored && binds(boundBy(stored), account))
    .map(({ role, stored }) => ({ role, audience: String(stored?.['audience'] ?? '') }));
  return { names: roles, binding };
}
