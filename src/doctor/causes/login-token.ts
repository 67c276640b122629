import type { CauseId } from '../../codes.ts';
import type { Fix } from '../../errors.ts';
import { accountAddress } from '../../model/addresses.ts';
import { kubectl } from '../../model/commands.ts';
import type { Family, Suspicion } from '../cause.ts';
import { type Examination, known } from '../examination.ts';
import { refusalOf } from '../refusal.ts';

/** The workload's own token and account. */
export const loginTokenCauses: Family = (x) => [...accountMissing(x), ...claimsRefused(x)];

function suspicion(x: Examination, cause: CauseId, said: string, fix: Fix[], experiment = 'observed-login'): Suspicion {
  const who = x.tried ? accountAddress(x.tried) : 'login token';
  return { cause, certainty: 'certain', stage: 'token', subject: who, evidence: [{ experiment, said }], fix };
}

function accountMissing(x: Examination): Suspicion[] {
  const account = known(x.account);
  if (!x.tried || !account || account.exists) return [];
  const { namespace, name } = x.tried;
  const said = account.namespaceExists ? 'does not exist' : `namespace ${namespace} does not exist`;
  const command = kubectl('create serviceaccount', [name], { namespace });
  return [
    suspicion(
      x,
      'service-account-missing',
      said,
      [{ why: 'make it, or use the account that the Pod runs as', command }],
      'service-account',
    ),
  ];
}

const claimCauses: [RegExp, CauseId, string][] = [
  [
    /invalid expiration time \(exp\)|token is expired/,
    'login-token-expired',
    'the application must read its token file again: the kubelet renews it there',
  ],
  [
    /invalid not before|invalid issued at|not valid yet/,
    'clock-skew',
    "set the clocks right: the token's times lie in the future of Vault's clock",
  ],
  [
    /invalid issuer/,
    'issuer-mismatch',
    'set issuer in the recipe to what the token says, or leave disable_iss_validation on',
  ],
  [
    /\(alg\)|signature algorithm|unsupported signing/i,
    'login-token-algorithm',
    'use a token signed with an algorithm this server takes',
  ],
];

function claimsRefused(x: Examination): Suspicion[] {
  const refusal = refusalOf(x);
  if (!refusal) return [];
  const found = claimCauses.find(([pattern]) => pattern.test(refusal.said));
  if (!found) return [];
  const [, cause, why] = found;
  const { claims } = known(x.login) ?? {};
  const said =
    cause === 'issuer-mismatch' ? `; the token says ${claims?.issuer}, the config ${known(x.config)?.['issuer']}` : '';
  return [suspicion(x, cause, `${refusal.status} ${refusal.said}${said}`, [{ why }])];
}
