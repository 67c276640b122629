import type { CauseId } from '../../codes.ts';
import type { Suspect } from '../../proof/bisect.ts';
import type { Family } from '../cause.ts';
import { type Examination, known } from '../examination.ts';
import { fixFor } from '../fixes.ts';

/** What was changed last when a login at a scratch mount went through is at fault: nothing else differed. */
export const probeCauses: Family = (x) => {
  const probe = known(x.probe);
  if (!probe || probe.rounds.length === 0) return [];
  const { fault, rounds } = probe;
  const cause = fault === undefined ? 'host-unreachable' : causeOf(fault, x);
  const { mount, role } = x.patient;
  return [
    {
      cause,
      certainty: fault === undefined ? 'likely' : 'certain',
      stage: fault === 'cidrs' ? 'role' : fault === 'reviewer' ? 'reviewer' : 'cluster',
      subject: fault === 'cidrs' ? `auth/${mount}/role/${role}` : `auth/${mount}/config`,
      evidence: rounds.map(({ changed, said }) => ({ experiment: 'probe', said: `with ${changed}: ${said}` })),
      fix: fixFor(cause, x),
    },
  ];
};

function causeOf(fault: Suspect, x: Examination): CauseId {
  switch (fault) {
    case 'reviewer':
      return known(x.config)?.['token_reviewer_jwt_set'] === false
        ? 'reviewer-token-missing'
        : 'reviewer-token-revoked';
    case 'cidrs':
      return 'cidr-not-bound';
    case 'ca':
      return 'ca-mismatch';
    case 'host':
      return 'host-unreachable';
  }
}
