import { InputError } from '../errors.ts';
import { canonicalUrl } from '../recipe/urls.ts';

/** Which Vault a saved plan was made for. */
export interface PlannedFor {
  /** The plan's file, as typed. */
  plan: string;
  address: string;
  /** Vault namespace, '' for the root. */
  namespace: string;
}

/**
 * A plan may come from anywhere. It never chooses where credentials go: what the operator gave must be what it was made
 * for.
 *
 * @throws InputError address-mismatch, naming both.
 */
export function assertPlannedFor(
  { plan, address, namespace }: PlannedFor,
  given: { address: string; namespace: string },
): void {
  if (canonicalUrl(address) === canonicalUrl(given.address) && namespace === given.namespace) return;
  throw new InputError({
    code: 'address-mismatch',
    subject: plan,
    message: `the plan was made for the Vault at ${inWords(address, namespace)}, and the one given is at ${inWords(given.address, given.namespace)}`,
    fix: [{ why: 'give the address and Vault namespace it was made for, in VAULT_ADDR and VAULT_NAMESPACE' }],
  });
}

function inWords(address: string, namespace: string): string {
  return namespace === '' ? address : `${address}, Vault namespace ${namespace}`;
}
