import type { Problem } from '../../errors.ts';
import type { Examination } from '../../facts/examination.ts';
import { accountWarnings } from './account.ts';
import { certificateWarnings } from './certificates.ts';
import { clockWarnings } from './clocks.ts';
import { policyWarnings } from './policies.ts';
import { reviewerWarnings } from './reviewer.ts';
import { roleWarnings } from './role.ts';
import { vaultWarnings } from './vault.ts';
import type { Warner } from './warning.ts';

const warners: Warner[] = [
  vaultWarnings,
  clockWarnings,
  certificateWarnings,
  accountWarnings,
  roleWarnings,
  reviewerWarnings,
  policyWarnings,
];

/** What works today and breaks, or hurts, later. Of an account that must be refused nothing is expected to work. */
export function warningsOf(x: Examination, now: Date = new Date()): Problem[] {
  if (x.patient.stranger) return [];
  return warners.flatMap((warner) => warner(x, now));
}
