import type { VaultAnswer } from '../node-vault.ts';
import { isForeign, isRedirect, saidIn } from './answers.ts';

/**
 * The failures that the kubernetes auth method itself tells with a 500, so before Vault makes a token. Source: pathLogin in
 * path_login.go and loadConfig in backend.go of vault-plugin-auth-kubernetes; the claims and bindings are a 500 before Vault
 * 1.13. Any other 500 may be of what comes after the method, with a token made.
 */
const ownFailures: RegExp[] = [
  /^could not load backend configuration$/,
  /^open \/var\/run\/secrets\/kubernetes\.io\/serviceaccount\/(ca\.crt|token): [a-z ]+$/,
  /^claim "(iss|aud)" is invalid$/,
  /^(service account name|namespace) not authorized$/,
  /^could not parse UID from claims$/,
  /^service account namespace and name must be set$/,
  /^unknown alias_name_source "[^"]*"$/,
];

/** Such a failure, as Vault tells it. */
export function isOwnFailure(answer: VaultAnswer): boolean {
  return answer.status === 500 && !isForeign(answer) && ownFailures.some((text) => text.test(saidIn(answer)));
}

/** The answer to a login judges it: anything else, as a limit or a Vault that fails, says nothing of who logs in. */
export function isJudged(answer: VaultAnswer): boolean {
  const { status } = answer;
  if (isForeign(answer) || isRedirect(answer) || [408, 412, 429].includes(status)) return false;
  return status < 500 || isOwnFailure(answer);
}

/** Which half of a ServiceAccount's name a role does not bind. */
export type NotBound = 'service-account-not-bound' | 'namespace-not-bound';

/**
 * What a refused login says of who is not bound; undefined for every other reason. With a namespace selector that could
 * not be evaluated Vault says `namespace not authorized err=…`: then nobody was judged.
 */
function notBoundIn(said: string): NotBound | undefined {
  if (/\bservice account name not authorized\s*$/i.test(said)) return 'service-account-not-bound';
  if (/\bnamespace not authorized\s*$/i.test(said)) return 'namespace-not-bound';
  return undefined;
}

/** Vault could not tell whether the namespace is one that the role selects. */
function selectorFailedIn(said: string): boolean {
  return /\bnamespace not authorized\s+err=|failed to get namespace|namespace lookup failed|bound_service_account_namespace_selector/i.test(
    said,
  );
}

/** Why a login was refused, where Vault says it; each is a cause of the doctor's. */
export type LoginReason =
  | NotBound
  | 'role-missing'
  | 'namespace-selector-unusable'
  | 'login-needs-mfa'
  | 'audience-mismatch'
  | 'login-token-expired'
  | 'clock-skew'
  | 'issuer-mismatch'
  | 'login-token-algorithm';

const reasons: [RegExp, LoginReason][] = [
  [/invalid role name/, 'role-missing'],
  [/mfa_requirement/, 'login-needs-mfa'],
  [/invalid audience/i, 'audience-mismatch'],
  [/invalid expiration time \(exp\)|token is expired/, 'login-token-expired'],
  [/invalid not before|invalid issued at|not valid yet/, 'clock-skew'],
  [/invalid issuer/, 'issuer-mismatch'],
  [/\(alg\)|signature algorithm|unsupported signing/i, 'login-token-algorithm'],
];

/** The one reader of what Vault says to a login that it refuses; undefined: it does not say why. */
export function refusalReason(said: string): LoginReason | undefined {
  if (selectorFailedIn(said)) return 'namespace-selector-unusable';
  return notBoundIn(said) ?? reasons.find(([pattern]) => pattern.test(said))?.[1];
}

/** As it should be, where the account must be refused. */
export function isNotBound(reason: LoginReason | undefined): reason is NotBound {
  return reason === 'service-account-not-bound' || reason === 'namespace-not-bound';
}

/** A refusal of which Vault tells nothing: its reason is only in Vault's debug log. */
export function isBare({ status, said }: { status: number; said: string }): boolean {
  return status === 403 && said.trim() === 'permission denied';
}
