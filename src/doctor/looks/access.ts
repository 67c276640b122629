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
  return patientsOf(recipe)
    .flatMap(asksAbout)
    .flatMap(({ experiment, subject }) => experiment.access(subject));
}

function asksAbout(patient: Patient): Question[] {
  const { recipe, role, service_account: account } = patient;
  const { secret, account: reviews = account } = recipe?.auth.reviewer ?? {};
  const { stored, names } = roleAsks(patient);
  return [
    ...Object.values(vaultAsks),
    ...Object.values(mountAsks(patient)),
    names,
    clusterAsk,
    ...(role === undefined ? [] : [stored]),
    ...(ownRole({ patient })?.token_policies ?? []).map((name) => policyAsk(name.toLowerCase())),
    ...secretAsks(patient),
    ...(account ? [accountAsk(account)] : []),
    ...(account && role !== undefined ? [loginAsk(patient, role, account, { monitor: true })] : []),
    ...Object.values(reviewerAsks({ secret, reviews })).filter((one) => one !== undefined),
  ];
}
