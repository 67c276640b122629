import type { Question } from '../../contracts/experiment.ts';
import type { Access } from '../../model/rights.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { Patient } from '../patient.ts';
import { patientsOf } from '../patients.ts';
import { ownRole } from '../refusal.ts';
import { accountAsk } from './account.ts';
import { clusterAsk } from './cluster.ts';
import { loginAsk } from './login.ts';
import { mountAsks } from './mount.ts';
import { reviewerAsks } from './reviewer.ts';
import { policyAsk, roleAsks } from './role.ts';
import { secretAsks } from './secrets.ts';
import { vaultAsks } from './vault.ts';

/** What the doctor's looks ask about the logins of a recipe where all is as it says, without --fix and --probe. */
export function doctorAccess(recipe: Recipe): Access[] {
  const patients = patientsOf(recipe);
  return asks
    .flatMap((about) => patients.flatMap(about))
    .flatMap((asked) => asked?.experiment.access(asked.subject) ?? []);
}

/** Look by look, in the order in which the rights are shown. */
const asks: ((patient: Patient) => (Question | undefined)[])[] = [
  () => Object.values(vaultAsks),
  (patient) => Object.values(mountAsks(patient)),
  (patient) => [roleAsks(patient).names, clusterAsk],
  (patient) => (patient.role === undefined ? [] : [roleAsks(patient).stored]),
  (patient) => (ownRole({ patient })?.token_policies ?? []).map((name) => policyAsk(name.toLowerCase())),
  (patient) => [...secretAsks(patient), ...accountAsks(patient)],
  (patient) => Object.values(reviewerAsks(reviewerMeant(patient))),
];

function accountAsks(patient: Patient): Question[] {
  const { role, service_account: account } = patient;
  if (!account) return [];
  return [accountAsk(account), ...(role === undefined ? [] : [loginAsk(patient, role, account, { monitor: true })])];
}

function reviewerMeant({ recipe, service_account }: Patient) {
  const { secret, account: reviews = service_account } = recipe?.auth.reviewer ?? {};
  return { secret, reviews };
}
