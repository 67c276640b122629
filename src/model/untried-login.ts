import type { Fix } from '../errors.ts';
import type { ServiceAccountName } from './account.ts';
import { kubectl } from './commands.ts';

/** Of an account, after its name; verify and the doctor say it alike. */
export const untried = 'does not exist, so its login was not tried';

/** The way out of that. */
export function makeAccount({ name, namespace }: ServiceAccountName): Fix {
  const command = kubectl('create serviceaccount', [name], { namespace });
  return { why: 'make it, or set create_service_accounts on its role', command };
}
