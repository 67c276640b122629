import type { CauseId } from '../../codes.ts';
import type { Evidence } from '../../errors.ts';
import { type Examination, known } from '../../facts/examination.ts';
import { bareRefusal, logOf } from '../../facts/refusal.ts';
import { configAddress, roleAddress } from '../../model/addresses.ts';
import type { Suspect } from '../../proof/bisect.ts';
import type { Family, Suspected } from '../cause.ts';
import { fixesOf } from '../literals/index.ts';
import { disabledEntity } from './unexplained.ts';

/**
 * What was changed last when a login at a scratch mount went through is at fault, or belongs to the mount alone: its
 * stored token, which cannot be read, and its identity entities.
 */
export const probeCauses: Family = (x) => {
  const probe = known(x.probe);
  if (!probe || probe.rounds.length === 0) return [];
  const evidence = probe.rounds.map(({ changed, said }) => ({ experiment: 'probe', said: `with ${changed}: ${said}` }));
  const silent = bareRefusal(x) && logOf(x)?.length === 0;
  if (probe.fault === 'reviewer' && silent) return [{ ...disabledEntity(x), evidence }];
  if (probe.fault === 'reviewer' && known(x.mount.config)?.['token_reviewer_jwt_set'] !== false)
    return storedToken(x, evidence);
  const { fault } = probe;
  const cause = fault === undefined ? 'host-unreachable' : causeOf(fault);
  const { mount, role } = x.patient;
  return [
    {
      cause,
      certainty: fault === undefined ? 'likely' : 'certain',
      subject: fault === 'cidrs' ? roleAddress(mount, role) : configAddress(mount),
      evidence,
      fix: fixesOf(cause, x),
    },
  ];
};

/** That it is the stored token is proved; what is wrong with it is not: one that ended or is of another cluster looks alike. */
function storedToken(x: Examination, evidence: Evidence[]): Suspected[] {
  const cause = 'reviewer-token-revoked';
  return [{ cause, certainty: 'likely', subject: configAddress(x.patient.mount), evidence, fix: fixesOf(cause, x) }];
}

function causeOf(fault: Suspect): CauseId {
  switch (fault) {
    case 'reviewer':
      return 'reviewer-token-missing';
    case 'cidrs':
      return 'cidr-not-bound';
    case 'ca':
      return 'ca-mismatch';
    case 'host':
      return 'host-unreachable';
  }
}
