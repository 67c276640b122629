import type { Code } from '../codes.ts';
import type { Position } from '../errors.ts';
import type { Examination } from '../facts/examination.ts';
import { oncePerRecipe } from '../facts/once-per-recipe.ts';
import { accountText, type ServiceAccountName } from '../model/account.ts';
import {
  accountAddress,
  authAddress,
  bindingAddress,
  configAddress,
  mountAddress,
  policyAddress,
  roleAddress,
  secretAddress,
} from '../model/addresses.ts';
import type { Expectation, Recipe } from '../recipe/recipe.ts';
import type { Stage } from './cause.ts';

/** A cause or a warning, in so far as it has a place in the recipe. */
interface Placeable {
  /** A cause's id, or the code of a warning. */
  code: Code;
  /** The object by its address. */
  subject: string;
  /** Address of the object that decides it; absent: the subject. */
  about?: string;
  /** Absent for warnings. */
  stage?: Stage;
}

/** Where the recipe says what this is about, as plans show it; undefined where it does not, or without one. */
export function placeOf(x: Examination, one: Placeable): Position | undefined {
  const { recipe } = x.patient;
  if (!recipe) return undefined;
  const address = one.about ?? one.subject;
  return (
    choiceOf(recipe, one.code) ??
    partOfConfig(recipe, address, one.stage) ??
    ofReviewer(x, address) ??
    objectsOf(recipe).get(address) ??
    namedBy(recipe, x, address) ??
    claimed(recipe, x, address) ??
    (one.stage && ofLogin.includes(one.stage) ? expectationOf(x)?.at : undefined)
  );
}

/** The login that the recipe expects, whether it says so or vaultbind made it up. */
export function expectationOf({ patient }: Examination): Expectation | undefined {
  const { recipe, role, service_account: account, mount } = patient;
  if (recipe?.auth.path !== mount || role === undefined || !account) return undefined;
  return expectationsOf(recipe).get(loginKey(role, account));
}

const loginKey = (role: string, account: ServiceAccountName) => `${role} ${accountText(account)}`;

/** Of two that are the same the first. */
const expectationsOf = oncePerRecipe(
  ({ expect }) => new Map(expect.toReversed().map((one) => [loginKey(one.role, one.service_account), one])),
);

/** Stages that belong to one login, and not to the servers or to all logins at the mount. */
const ofLogin: Stage[] = ['role', 'token', 'binding', 'policy', 'secret'];

/** What the recipe chose of the servers themselves; where it left it to the operator, it says nothing of it. */
function choiceOf({ vault, cluster }: Recipe, code: Code): Position | undefined {
  if (code === 'vault-namespace-missing' || code === 'vault-namespaces-unsupported')
    return vault.namespace === undefined ? undefined : vault.at;
  return code === 'kubernetes-context-missing' && cluster.context !== undefined ? cluster.at : undefined;
}

/** The auth config is made of three parts of a recipe. */
function partOfConfig({ auth, cluster }: Recipe, address: string, stage: Stage | undefined): Position | undefined {
  if (address !== configAddress(auth.path)) return undefined;
  if (stage === 'reviewer') return auth.reviewer.at;
  return stage === 'cluster' && (cluster.host ?? cluster.ca) !== undefined ? cluster.at : undefined;
}

function ofReviewer(x: Examination, address: string): Position | undefined {
  const reviewer = x.patient.recipe?.auth.reviewer;
  const { account, secret, binding } = reviewer ?? {};
  if (!account || !secret || !binding) return undefined;
  const own = [accountAddress(account), secretAddress(secret), bindingAddress(binding.name)];
  return own.includes(address) ? reviewer?.at : undefined;
}

const objectsOf = oncePerRecipe(({ auth, policies, roles }): Map<string, Position> => {
  const ofMount = [mountAddress(auth.path), authAddress(auth.path), configAddress(auth.path)];
  return new Map([
    ...ofMount.map((address) => [address, auth.at] as const),
    ...policies.map(({ name, at }) => [policyAddress(name), at] as const),
    ...roles.map(({ name, at }) => [roleAddress(auth.path, name), at] as const),
  ]);
});

/** A policy that the recipe does not write is named by a role; this login's role first. */
function namedBy({ roles }: Recipe, { patient }: Examination, address: string): Position | undefined {
  const policy = /^sys\/policies\/acl\/(.*)$/.exec(address)?.[1];
  if (policy === undefined) return undefined;
  const holders = roles.filter(({ token_policies = [] }) => token_policies.includes(policy));
  return (holders.find(({ name }) => name === patient.role) ?? holders[0])?.at;
}

/** What flags ask for has no place in a recipe. */
function claimed({ files }: Recipe, { patient }: Examination, path: string): Position | undefined {
  const claims = [...patient.can, ...patient.cannot];
  return claims.find((claim) => claim.path === path && files.includes(claim.at.file))?.at;
}
