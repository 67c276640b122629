import { type Fact, question } from '../../contracts/experiment.ts';
import { holds, requestOf } from '../../policy/requests.ts';
import { roleNames, storedPolicy, storedRole } from '../../proof/auth-method.ts';
import { byLikeness } from '../../recipe/suggest.ts';
import { absent, type Examination, isAsked, known, type RoleFacts, unasked } from '../examination.ts';
import { authType, kubernetesMounts } from '../mounts.ts';
import type { Patient } from '../patient.ts';
import { acceptedOf } from '../refusal.ts';
import { texts } from '../texts.ts';
import type { AskFact } from './ask.ts';
import { bindingRoles } from './binding-roles.ts';

type Before = Pick<Examination, 'patient' | 'held' | 'mount'>;

export const roleAsks = ({ mount, role = '' }: Patient) => ({
  stored: question(storedRole, { mount, role }),
  names: question(roleNames, mount),
});

export const policyAsk = (name: string) => question(storedPolicy, name);

/** The role and its policies; for a token without a role, the roles that bind its account. */
export async function roleFacts(x: Before, ask: AskFact): Promise<RoleFacts> {
  const { patient, held } = x;
  if (patient.role === undefined)
    return isAsked(held) ? { ...unseen, ...(await bindingRoles(ask, patient.mount, accountOf(x))) } : unseen;
  const asked = roleAsks(patient);
  const stored = await ask(asked.stored);
  const names = await ask(asked.names);
  const elsewhere = absent(stored) ? await lookElsewhere(x, ask) : unseen.elsewhere;
  const policies = new Map<string, Fact<string | undefined>>();
  for (const name of policiesOf(known(stored))) policies.set(name, await ask(policyAsk(name)));
  return { stored, names, elsewhere, binding: [], policies };
}

export const unseen: RoleFacts = {
  stored: unasked,
  names: unasked,
  elsewhere: new Map(),
  binding: [],
  policies: new Map(),
};

const accountOf = ({ held }: Before) => known(held)?.claims?.serviceAccount;

/** A deny in any of them counts as one in the role's own. */
export async function lookAtOtherPolicies(
  x: Pick<Examination, 'patient' | 'role' | 'login'>,
  ask: AskFact,
): Promise<Examination['otherPolicies']> {
  const accepted = acceptedOf(x);
  const denied = x.patient.can.some(
    (claim) => !holds(accepted?.capabilities[requestOf(claim).path] ?? [], claim.capability),
  );
  if (!accepted || !denied) return unasked;
  const others = new Map<string, Fact<string | undefined>>();
  for (const name of accepted.policies.filter((one) => !x.role.policies.has(one)))
    others.set(name, await ask(policyAsk(name)));
  return { known: true, value: others };
}

/** Config, role and login of one binding may name different mounts. A few are asked, the best known name first. */
async function lookElsewhere(x: Before, ask: AskFact): Promise<RoleFacts['elsewhere']> {
  const { mount, role = '' } = x.patient;
  const others = kubernetesMounts(x).filter((one) => one !== mount);
  const elsewhere: [string, Record<string, unknown>][] = [];
  for (const other of [...others.filter((one) => one === authType(x).name), ...byLikeness(mount, others)].slice(0, 5)) {
    const found = known(await ask(question(storedRole, { mount: other, role })));
    if (found) elsewhere.push([other, found]);
  }
  return new Map(elsewhere);
}

export function policiesOf(role: Record<string, unknown> | undefined): string[] {
  return [...new Set([...texts(role?.['token_policies']), ...texts(role?.['policies'])])];
}
