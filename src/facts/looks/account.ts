import { question } from '../../contracts/experiment.ts';
import type { ServiceAccountName } from '../../model/account.ts';
import { serviceAccountFact } from '../../proof/cluster.ts';
import { type AccountFacts, type Examination, known, unasked } from '../examination.ts';
import { texts } from '../texts.ts';
import type { AskFact } from './ask.ts';

export const accountAsk = (account: ServiceAccountName) => question(serviceAccountFact, account);

/** The account that logs in. */
export async function accountFacts(
  { patient, held, role }: Pick<Examination, 'patient' | 'held' | 'role'>,
  ask: AskFact,
): Promise<AccountFacts> {
  if (patient.role === undefined) return { found: unasked };
  const tried = patient.service_account ?? known(held)?.claims?.serviceAccount ?? firstLiteral(known(role.stored));
  return tried ? { tried, found: await ask(accountAsk(tried)) } : { found: unasked };
}

/** The first pair without a `*` that the role binds. */
function firstLiteral(role: Record<string, unknown> | undefined): ServiceAccountName | undefined {
  const [name] = texts(role?.['bound_service_account_names']);
  const [namespace] = texts(role?.['bound_service_account_namespaces']);
  if (name === undefined || namespace === undefined || `${name}${namespace}`.includes('*')) return undefined;
  return { namespace, name };
}
