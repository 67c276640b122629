import type { PermissionCommand, Right } from '../../model/rights.ts';
import { vaultPolicy } from '../../output/permissions/vault-policy.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { rightsOf } from './rights.ts';

/** The policy of a token that works for one command of this recipe: all it needs or may use, and its own end. */
export function childPolicy(command: PermissionCommand, recipe: Recipe): string {
  const rights = rightsOf(command, recipe).map(({ rule, neededBy }) => ({ rule, neededBy }));
  return vaultPolicy([...rights, ...ofItself]);
}

/** What the default policy gives other tokens. */
const ofItself: Right[] = [
  { rule: { system: 'vault', path: 'auth/token/lookup-self', capabilities: ['read'] }, neededBy: ['itself'] },
  { rule: { system: 'vault', path: 'auth/token/revoke-self', capabilities: ['update'] }, neededBy: ['itself'] },
];
