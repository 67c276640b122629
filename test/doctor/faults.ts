import type { Fault } from './fault.ts';
import { configFaults } from './faults/config.ts';
import { kubernetesFaults } from './faults/kubernetes.ts';
import { loginTokenFaults } from './faults/login-token.ts';
import { mountFaults } from './faults/mount.ts';
import { policyFaults } from './faults/policy.ts';
import { reviewerFaults } from './faults/reviewer.ts';
import { roleFaults } from './faults/role.ts';
import { secretFaults } from './faults/secret.ts';
import { vaultFaults } from './faults/vault.ts';

/** In the order in which a login would meet them. */
export const faults: Fault[] = [
  ...vaultFaults,
  ...kubernetesFaults,
  ...mountFaults,
  ...roleFaults,
  ...configFaults,
  ...loginTokenFaults,
  ...reviewerFaults,
  ...policyFaults,
  ...secretFaults,
];
