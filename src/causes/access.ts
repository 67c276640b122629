import type { Examination } from '../facts/examination.ts';
import { acceptedOf } from '../facts/refusal.ts';
import { accountAddress, roleAddress } from '../model/addresses.ts';
import { type Finding, finding } from '../model/report.ts';
import { askedOnly, type Judged, judgedClaims, listed } from '../proof/judge-claims.ts';
import { expectationOf } from './place.ts';

/** What the login may do and should not, and what was asked only; why something is not allowed is for the causes. */
export function accessFindings(x: Examination): Finding[] {
  const { mount, role, can, cannot } = x.patient;
  const accepted = acceptedOf(x);
  if (!accepted || x.patient.stranger) return [];
  const who = x.account.tried ? accountAddress(x.account.tried) : 'the given token';
  const base = { subject: `${who} as ${roleAddress(mount, role)}`, at: expectationOf(x)?.at ?? null };
  const wide = tooWide(x);
  const asked = askedOnly(judgedClaims(accepted, { can, cannot }));
  return [
    ...(wide.length > 0 ? [wideFinding(base, wide)] : []),
    ...(asked === undefined ? [] : [finding({ ...base, code: 'asked-only', status: 'asked', message: asked })]),
  ];
}

/** Claims of `cannot` that do not hold. */
export function tooWide(x: Examination): Judged[] {
  const accepted = acceptedOf(x);
  if (!accepted || x.patient.stranger) return [];
  return judgedClaims(accepted, { can: [], cannot: x.patient.cannot }).filter(({ proof }) => proof.proof === 'bad');
}

function wideFinding(base: Pick<Finding, 'subject' | 'at'>, wide: Judged[]): Finding {
  const message = `may ${listed(wide)}, and should not`;
  const evidence = wide.map(({ proof }) => ({
    experiment: 'observed-login',
    said: proof.proof === 'bad' ? proof.said : '',
  }));
  const fix = [{ why: 'take it away from the policies of its role, or the claim from cannot' }];
  return finding({ ...base, code: 'access-too-wide', status: 'failed', message, evidence, fix });
}
