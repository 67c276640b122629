import { type Examination, known } from '../facts/examination.ts';
import { type Finding, finding } from '../model/report.ts';

/** What a token that somebody has says of itself; never the token. */
export function claimsOf(x: Examination): Finding[] {
  const claims = known(x.held)?.claims;
  if (!claims) return [];
  const { subject, audiences, issuer, issued, expires } = claims;
  const fields: [string, unknown][] = [
    ['sub', subject ?? '(none)'],
    ['aud', audiences],
    ['iss', issuer ?? '(none)'],
    ['iat', issued?.toISOString() ?? '(none)'],
    ['exp', expires?.toISOString() ?? '(never)'],
  ];
  const told = fields.map(([field, after]) => ({ field, after }));
  const message = 'says of itself, which nobody has checked yet:';
  return [finding({ code: 'token-claims', subject: 'the given token', status: 'ok', message, fields: told })];
}
