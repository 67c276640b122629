import { question } from '../../contracts/experiment.ts';
import type { ServiceAccountName } from '../../model/account.ts';
import { holds, requestOf } from '../../policy/requests.ts';
import { roleNames, storedPolicy, storedRole } from '../../proof/auth-method.ts';
import { serviceAccountFact } from '../../proof/cluster.ts';
import { byLikeness } from '../../recipe/suggest.ts';
import { absent, type Examination, known } from '../examination.ts';
import { acceptedOf } from '../refusal.ts';
import { authType, kubernetesMounts } from '../suspicions/mount.ts';
import { texts } from '../texts.ts';
import type { AskFact } from './ask.ts';
import { bindingRoles } from './binding-roles.ts';

/** The role, its policies, and the account that logs in with it. */
export async function lookAtRole(x: Examination, ask: AskFact, askCluster: AskFact): Promise<void> {
  const { mount, role } = x.patient;
  if (role === undefined) return x.held ? await lookForBindingRoles(x, ask) : undefined;
  x.role = await ask(question(storedRole, { mount, role }));
  x.roles = await ask(question(roleNames, mount));
  if (absent(x.role)) await lookElsewhere(x, ask);
  x.tried = x.patient.service_account ?? known(x.held)?.claims?.serviceAccount ?? firstLiteral(known(x.role));
  if (x.tried) x.account = await askCluster(question(serviceAccountFact, x.tried));
  for (const name of policiesOf(known(x.role))) x.policies.set(name, await ask(question(storedPolicy, name)));
}

/** A deny in any of them counts as one in the role's own. */
export async function lookAtOtherPolicies(x: Examination, ask: AskFact): Promise<void> {
  const accepted = acceptedOf(x);
  const denied = x.patient.can.some(
    (claim) => !holds(accepted?.capabilities[requestOf(claim).path] ?? [], claim.capability),
  );
  if (!accepted || !denied) return;
  x.otherPolicies = new Map();
  for (const name of accepted.policies.filter((one) => !x.policies.has(one)))
    x.otherPolicies.set(name, await ask(question(storedPolicy, name)));
}

/** Config, role and login of one binding may name different mounts. A few are asked, the best known name first. */
async function lookElsewhere(x: Examination, ask: AskFact): Promise<void> {
  const { mount, role = '' } = x.patient;
  const others = kubernetesMounts(x).filter((one) => one !== mount);
  x.elsewhere = new Map();
  for (const other of [...others.filter((one) => one === authType(x).name), ...byLikeness(mount, others)].slice(0, 5)) {
    const found = known(await ask(question(storedRole, { mount: other, role })));
    if (found) x.elsewhere.set(other, found);
  }
}

/** The first pair without a `*` that the role binds. */
function firstLiteral(role: Record<string, unknown> | undefined): ServiceAccountName | undefined {
  const [name] = texts(role?.['bound_service_account_names']);
  const [namespace] = texts(role?.['bound_service_account_namespaces']);
  if (name === undefined || namespace === undefined || `${name}${namespace}`.includes('*')) return undefined;
  return { namespace, name };
}

export function policiesOf(role: Record<string, unknown> | undefined): string[] {
  return [...new Set([...texts(role?.['token_policies']), ...texts(role?.['policies'])])];
}

async function lookForBindingRoles(x: Examination, ask: AskFact): Promise<void> {
  const account = known(x.held)?.claims?.serviceAccount;
  const { roles, binding } = await bindingRoles(ask, x.patient.mount, account);
  x.roles = roles;
  if (account) x.bindingRoles = binding;
}
