import type { Step } from '../contracts/step.ts';
import { bindDelegator } from './bind-delegator.ts';
import { bindRole } from './bind-role.ts';
import { enableAuth } from './enable-auth.ts';
import { fetchCredentials } from './fetch-credentials.ts';
import { login } from './login.ts';
import { reviewToken } from './review-token.ts';
import { serviceAccount } from './service-account.ts';
import { writeConfig } from './write-config.ts';
import { writePolicy } from './write-policy.ts';

/** The article, in its order. This list feeds the subcommands, the help, the walk and the reports. */
export const steps: readonly Step[] = [
  enableAuth,
  writePolicy,
  serviceAccount,
  bindDelegator,
  fetchCredentials,
  writeConfig,
  bindRole,
  reviewToken,
  login,
];
