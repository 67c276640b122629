import { InputError } from '../errors.ts';
import type { Recipe } from './recipe.ts';
import { shown } from './text.ts';
import { canonicalUrl } from './urls.ts';

/**
 * A recipe never chooses where credentials go: it may only assert the address that the operator gave.
 *
 * @param address From VAULT_ADDR, BAO_ADDR or --vault-addr.
 * @throws InputError `address-mismatch`, naming both.
 */
export function assertVaultAddress({ vault }: Recipe, address: string): void {
  if (vault.address === undefined || canonicalUrl(vault.address) === canonicalUrl(address)) return;
  throw new InputError({
    code: 'address-mismatch',
    subject: 'vault.address',
    message: `the recipe is for the Vault at ${shown(vault.address)}, and the address given is ${shown(address)}`,
    fix: [
      { why: 'if the recipe is right, give its address yourself', command: `export VAULT_ADDR=${vault.address}` },
      { why: 'if yours is right, use the recipe made for it' },
    ],
    at: vault.at,
  });
}
