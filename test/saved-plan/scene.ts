import type { Plan, Planned } from '../../src/engine/plan.ts';
import { readKept } from '../../src/recipe/read.ts';
import type { ReadRecipe } from '../../src/recipe/recipe.ts';
import { type PlanParts, savedPlan } from '../../src/saved-plan/save.ts';
import type { SavedPlan } from '../../src/saved-plan/schema.ts';
import { newWorld, toyStep, toyTarget } from '../engine/toys.ts';

const recipeText = `version: 1
name: shop
cluster: {context: "\${env:VAULTBIND_CONTEXT:-prod}"}
auth: {path: kube, reviewer: {service_account: infra/reviewer}}
policies: [{name: shop, file: ./shop.hcl}]
roles: [{name: shop, service_accounts: [shop/web], token_policies: [shop]}]
`;

export const read = (): ReadRecipe =>
  readKept({
    files: [{ file: 'shop.yaml', text: recipeText }],
    beside: [
      { recipe: 'shop.yaml', named: './shop.hcl', text: 'path "secret/data/shop" { capabilities = ["read"] }\n' },
    ],
    environment: { VAULTBIND_CONTEXT: null },
  });

const step = toyStep(newWorld(), 'toy', []);
const looking = { ...step, name: 'looking', writes: false };

/** One object of each kind of decision. */
export const decided: Planned[] = [
  object('toy/made', { action: 'create', fields: [{ field: 'v', after: 1 }] }),
  object('toy/changed', { action: 'update', fields: [{ field: 'v', before: 2, after: 1 }] }, { v: 2, other: ['x'] }),
  object('toy/there', { action: 'none' }, { v: 1 }),
  { ...object('looking/at', { action: 'later', need: 'toy/made' }), step: looking },
];

export function object(address: string, decision: Planned['decision'], observed?: Planned['observed']): Planned {
  return {
    step,
    resource: { system: 'vault', address, desired: { v: 1 } },
    decision,
    exists: observed !== undefined,
    ...(observed && { observed }),
    chosen: true,
    milliseconds: 1,
  };
}

export const planOf = (planned: Planned[]): Plan => ({ planned, others: [] });

export function saved(parts: Partial<PlanParts> = {}): SavedPlan {
  return savedPlan({
    ...read(),
    target: toyTarget,
    identity: { vault: 'a-vault', cluster: 'a-cluster' },
    chosen: new Set(['toy', 'looking']),
    planned: planOf(decided),
    now: new Date('2026-01-02T03:04:05.000Z'),
    ...parts,
  });
}
