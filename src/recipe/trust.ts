import { InputError } from '../errors.ts';
import type { Recipe } from './recipe.ts';

/**
 * A recipe asserts an address and never chooses one: the token goes only where the operator's own words send it.
 * @throws InputError address-mismatch naming both.
 */
export function assertVaultAddress({ vault }: Recipe, given: string): void {
  const asserted = vault.address;
  if (asserted === undefined || sameAddress(asserted, given)) return;
  throw new InputError({
    code: 'address-mismatch',
    subject: asserted,
    message: `the recipe is for ${asserted}, and the address given is ${given}; nothing was sent`,
    fix: [
      { why: 'if the recipe is right, give its address yourself', command: `export VAULT_ADDR=${asserted}` },
      { why: 'or correct vault.address in the recipe' },
    ],
    at: vault.at,
  });
}

function sameAddress(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href;
}
