import { isAbsentUnasked } from '../../facts/refusal.ts';
import { accountAddress } from '../../model/addresses.ts';
import { makeAccount, untried } from '../../model/untried-login.ts';
import type { Warner } from './warning.ts';

/** An account that a role names, which is not there yet. */
export const accountWarnings: Warner = (x) => {
  const { tried } = x.account;
  if (!tried || !isAbsentUnasked(x)) return [];
  const subject = accountAddress(tried);
  return [{ code: 'service-account-missing', subject, message: untried, fix: [makeAccount(tried)] }];
};
