import type { CauseId } from '../../codes.ts';
import type { Fix } from '../../errors.ts';
import { type Examination, known } from '../../facts/examination.ts';
import { isAbsentUnasked, reasonOf, refusalEvidence } from '../../facts/refusal.ts';
import { accountAddress } from '../../model/addresses.ts';
import { kubectl } from '../../model/commands.ts';
import type { LoginReason } from '../../vault/answers/login-refusal.ts';
import type { Family, Suspected } from '../cause.ts';
import { byRecipe, patientConfig } from '../fixes.ts';
import { fixesOf } from '../literals/index.ts';

/** The workload's own token and account. */
export const loginTokenCauses: Family = (x) => [...accountMissing(x), ...claimsRefused(x)];

function suspicion(x: Examination, cause: CauseId, said: string, fix: Fix[], experiment = 'observed-login'): Suspected {
  const who = x.account.tried ? accountAddress(x.account.tried) : 'login token';
  return { cause, certainty: 'certain', subject: who, evidence: [{ experiment, said }], fix };
}

function accountMissing(x: Examination): Suspected[] {
  const account = known(x.account.found);
  if (!x.account.tried || !account || account.exists || isAbsentUnasked(x)) return [];
  const { tried } = x.account;
  const { namespace, name } = tried;
  const said = account.namespaceExists ? 'does not exist' : `namespace ${namespace} does not exist`;
  const why = 'make it, or use the account that the Pod runs as';
  const command = kubectl('create serviceaccount', [name], { namespace });
  const makes = (known(x.drift) ?? []).some(({ address }) => address === accountAddress(tried));
  const by = makes ? byRecipe(x, 'service-account', 'make it as the recipe has it') : [];
  const fix =
    by.length > 0 ? by : [account.namespaceExists ? { why, command } : { why: `${why}; its namespace first` }];
  return [suspicion(x, 'service-account-missing', said, fix, 'service-account')];
}

/** What the token says of itself was refused, and Vault says which of it. */
const waysOf: Partial<Record<LoginReason, string>> = {
  'login-token-expired': 'the application must read its token file again: the kubelet renews it there',
  'clock-skew': "set the clocks right: the token's times lie in the future of Vault's clock",
  'login-token-algorithm': 'use a token signed with an algorithm this server takes',
};

function claimsRefused(x: Examination): Suspected[] {
  const cause = reasonOf(x);
  const said = refusalEvidence(x)
    .map((one) => one.said)
    .join('');
  if (cause === 'issuer-mismatch') return [wrongIssuer(x, said)];
  const why = cause && waysOf[cause];
  return cause && why !== undefined ? [suspicion(x, cause, said, [{ why }])] : [];
}

function wrongIssuer(x: Examination, refused: string): Suspected {
  const { claims } = known(x.login) ?? {};
  const said = `${refused}; the token says ${claims?.issuer}, the config ${known(x.mount.config)?.['issuer']}`;
  return { ...suspicion(x, 'issuer-mismatch', said, fixesOf('issuer-mismatch', x)), subject: patientConfig(x) };
}
