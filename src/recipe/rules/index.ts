import {
  issuerIsChecked,
  mountIsNoScratch,
  nothingOnForeignMounts,
  pemKeysAreKeys,
  someoneReviews,
  somethingToDo,
} from './auth.ts';
import { caIsCertificate, hostIsReachable, hostIsUrl, vaultAddressIsUrl } from './cluster.ts';
import {
  canAndCannot,
  claimedPaths,
  claimsAgreeWithPolicies,
  claimsOnce,
  expectedRoleExists,
  expectSomething,
  loginAgreesWithRole,
  refusedHasNoAccess,
} from './expectations.ts';
import { lowerCaseNames, noExpectationTwice, noNameTwice } from './names.ts';
import {
  pathsOfPolicies,
  pathsOnce,
  policyHasOneSource,
  policyIsRead,
  policyIsUsed,
  policyNameIsFree,
  writtenRules,
} from './policies.ts';
import { policyIsNoKey } from './reach.ts';
import {
  aliasFitsTemplates,
  batchTokens,
  cidrForms,
  durationsInRange,
  fewUses,
  periodicTokens,
  policiesOfRoles,
  rolesHavePolicies,
  ttlWithinMaximum,
  zeroMeansDefault,
} from './role-tokens.ts';
import type { Rule } from './rule.ts';
import {
  accountsOnce,
  accountsToCreate,
  noCrossProduct,
  notEverybody,
  notTheDefaultAccount,
  pairsOrLists,
  rolesBindSomebody,
  selectorIsUnderstood,
  starStandsAlone,
  starsAtTheEnds,
} from './service-accounts.ts';

/** Everything that is judged beyond the form of single keys. Adding a rule is a function, a line here, a line in its test's table. */
export const rules: Rule[] = [
  vaultAddressIsUrl,
  hostIsUrl,
  hostIsReachable,
  caIsCertificate,

  someoneReviews,
  nothingOnForeignMounts,
  mountIsNoScratch,
  issuerIsChecked,
  pemKeysAreKeys,
  somethingToDo,

  noNameTwice,
  lowerCaseNames,

  policyHasOneSource,
  policyNameIsFree,
  policyIsRead,
  policyIsUsed,
  policyIsNoKey,
  pathsOfPolicies,
  pathsOnce,
  writtenRules,

  rolesBindSomebody,
  pairsOrLists,
  noCrossProduct,
  starStandsAlone,
  notEverybody,
  starsAtTheEnds,
  accountsOnce,
  accountsToCreate,
  notTheDefaultAccount,
  selectorIsUnderstood,
  durationsInRange,
  ttlWithinMaximum,
  periodicTokens,
  batchTokens,
  zeroMeansDefault,
  policiesOfRoles,
  aliasFitsTemplates,
  rolesHavePolicies,
  fewUses,
  cidrForms,

  noExpectationTwice,
  expectSomething,
  expectedRoleExists,
  refusedHasNoAccess,
  canAndCannot,
  claimsOnce,
  claimedPaths,
  loginAgreesWithRole,
  claimsAgreeWithPolicies,
];
