import type { Evidence } from '../errors.ts';
import { accountAddress } from '../model/addresses.ts';
import type { Accepted } from '../proof/workload-login.ts';
import type { Role } from '../recipe/recipe.ts';
import { isBare, isNotBound, type LoginReason, refusalReason } from '../vault/answers/login-refusal.ts';
import { type Examination, known } from './examination.ts';
import { oncePerRecipe } from './once-per-recipe.ts';

/** Vault's refusal of the login that was tried; undefined when it was accepted or not tried. */
export function refusalOf(x: Examination): { status: number; said: string } | undefined {
  const login = known(x.login)?.login;
  return login && 'refused' in login ? login.refused : undefined;
}

/** Why, where Vault says it. */
export const reasonOf = (x: Examination): LoginReason | undefined => refusalReason(saidOf(x));

/** Its words; '' without one. */
export const saidOf = (x: Examination): string => refusalOf(x)?.said ?? '';

export function refusalEvidence(x: Examination): Evidence[] {
  const refusal = refusalOf(x);
  return refusal ? [{ experiment: 'observed-login', said: `${refusal.status} ${refusal.said}` }] : [];
}

/** The refusal that tells nothing: its reason is only in Vault's debug log. */
export function bareRefusal(x: Examination): boolean {
  const refusal = refusalOf(x);
  return refusal !== undefined && isBare(refusal);
}

/**
 * Nobody asked for this login, and its account is neither there nor made by the recipe: as with verify, that is a warning
 * and no fault.
 */
export function isAbsentUnasked(x: Examination): boolean {
  const { tried, found } = x.account;
  if (!x.patient.implied || !tried || known(found)?.exists !== false) return false;
  return !(known(x.drift) ?? []).some(({ address }) => address === accountAddress(tried));
}

/** What the login gave; undefined when it was refused or not tried. */
export function acceptedOf(x: Pick<Examination, 'login'>): Accepted | undefined {
  const login = known(x.login)?.login;
  return login && 'accepted' in login ? login.accepted : undefined;
}

/** What Vault's log said of the login; undefined when it was not listened to. */
export function logOf(x: Examination): string[] | undefined {
  const overheard = known(x.login)?.overheard;
  return overheard?.listened ? overheard.lines : undefined;
}

/** An account that must be refused and is, because the role does not bind it. */
export function isRefusedRightly(x: Examination): boolean {
  if (!x.patient.stranger) return false;
  return isNotBound(reasonOf(x));
}

/** A refusal of which Vault's log may say more. */
export function wantsReason(x: Examination): boolean {
  return refusalOf(x) !== undefined && !isRefusedRightly(x);
}

/** The role as the recipe has it; undefined when the recipe does not define it. */
export function ownRole({ patient: { recipe, role } }: Pick<Examination, 'patient'>): Role | undefined {
  return recipe && role !== undefined ? rolesOf(recipe).get(role) : undefined;
}

const rolesOf = oncePerRecipe(({ roles }) => new Map(roles.map((one) => [one.name, one])));
