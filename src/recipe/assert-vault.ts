import { InputError, type Problem } from '../errors.ts';
import { exported } from '../model/commands.ts';
import type { Recipe } from './recipe.ts';
import { shown } from './text.ts';
import { canonicalUrl } from './urls.ts';

/** The Vault that the operator gave, in the form that is sent. */
export interface GivenVault {
  /** From VAULT_ADDR, BAO_ADDR or --vault-addr. */
  address: string;
  /** From VAULT_NAMESPACE, BAO_NAMESPACE or --vault-namespace, without slashes at its ends; '' for the root. */
  namespace: string;
}

/**
 * A recipe never chooses where credentials go: address and Vault namespace may only assert what the operator gave. Who
 * runs a namespace receives whatever is sent into it: passwords, tokens of logins, the reviewer's token.
 *
 * @throws InputError `address-mismatch` and `namespace-mismatch`, each naming both.
 */
export function assertVault({ vault }: Recipe, given: GivenVault): void {
  InputError.throwAny([...otherAddress(vault, given), ...otherNamespace(vault, given)]);
}

function otherAddress({ address, at }: Recipe['vault'], given: GivenVault): Problem[] {
  if (address === undefined || canonicalUrl(address) === canonicalUrl(given.address)) return [];
  return [
    {
      code: 'address-mismatch',
      subject: 'vault.address',
      message: `the recipe is for the Vault at ${shown(address)}, and the address given is ${shown(given.address)}`,
      fix: [
        { why: 'if the recipe is right, give its address yourself', command: exported({ VAULT_ADDR: address }) },
        { why: 'if yours is right, use the recipe made for it; or remove vault.address, which only asserts this' },
      ],
      at,
    },
  ];
}

function otherNamespace({ namespace, at, namespaceAt = at }: Recipe['vault'], given: GivenVault): Problem[] {
  if (namespace === undefined || namespace === given.namespace) return [];
  const yours = given.namespace === '' ? 'none was given' : `the one given is ${shown(given.namespace)}`;
  return [
    {
      code: 'namespace-mismatch',
      subject: 'vault.namespace',
      message: `the recipe is for the Vault namespace ${shown(namespace)}, and ${yours}`,
      fix: [
        {
          why: 'if the recipe is right, give its namespace yourself, or --vault-namespace',
          command: exported({ VAULT_NAMESPACE: namespace }),
        },
        { why: 'if yours is right, use the recipe made for it' },
      ],
      at: namespaceAt,
    },
  ];
}
