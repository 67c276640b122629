import { isAbsentUnasked } from '../../facts/refusal.ts';
import { accountAddress } from '../../model/addresses.ts';
import { kubectl } from '../../model/commands.ts';
import { type Warner, warning } from './warning.ts';

/** An account that a role names, which is not there yet. */
export const accountWarnings: Warner = (x) => {
  const { tried } = x.account;
  if (!tried || !isAbsentUnasked(x)) return [];
  const command = kubectl('create serviceaccount', [tried.name], { namespace: tried.namespace });
  const message = 'does not exist, so its login was not tried';
  const why = 'make it, or set create_service_accounts on its role';
  return [warning('service-account-missing', accountAddress(tried), message, why, command)];
};
