import type { Trying } from '../contracts/experiment.ts';
import type { Vouched } from '../contracts/mount-gate.ts';
import { FailedError } from '../errors.ts';
import { claims } from '../kubernetes/jwt.ts';
import { accountText, type ServiceAccountName } from '../model/account.ts';
import { authAddress, roleAddress } from '../model/addresses.ts';
import { vaultbind } from '../model/commands.ts';
import { inWords } from '../model/printed.ts';
import type { Secret } from '../secret.ts';
import type { VaultProber } from '../vault/api.ts';
import type { VouchedMount } from '../vault/vouched-mount.ts';
import { freshToken } from './fresh-token.ts';

/** Who logs in where, as far as a token is made for it. */
export interface PassSubject {
  mount: string;
  role: string;
  service_account: ServiceAccountName;
  /** The role's audience, '' for the API server's own; undefined: the role is not ours, so Vault is asked. */
  audience?: string;
  /** A token somebody has; absent: a fresh one is requested for the account. */
  jwt?: Secret;
}

/** A token, and the mount that it may be shown to. */
export interface LoginPass {
  mount: VouchedMount;
  jwt: Secret;
}

/**
 * A token for one login; undefined when there is no such account. First the mount is vouched for, then a token is made:
 * one that the API server itself accepts only for a mount that is ours, since whoever runs a mount may lead it elsewhere a
 * moment later. A token that somebody gave is shown as it is.
 *
 * Not held: a role of somebody else may name the audience of a third party (a cloud's, another Vault's), and a token for
 * it is made where the mount leads to this cluster. The API server refuses it; who runs the mount could lead it elsewhere.
 *
 * Errors: mount-not-vouched, audience-not-minted; those of the systems.
 */
export async function loginPass(trying: Trying, subject: PassSubject): Promise<LoginPass | undefined> {
  const vouched = await trying.gate.vouch(subject.mount);
  const { mount } = vouched;
  if (subject.jwt) return { mount, jwt: subject.jwt };
  const audience = subject.audience ?? (await storedAudience(trying.vault, subject));
  await refuseApiAudience(trying, vouched, subject, audience);
  const audiences = audience === '' ? {} : { audiences: [audience] };
  const requested = await freshToken(trying.kubernetes, subject.service_account, audiences);
  return requested && { mount, jwt: requested.token };
}

async function storedAudience(vault: VaultProber, { mount, role }: PassSubject): Promise<string> {
  const stored = await vault.read(roleAddress(mount, role));
  return String(stored?.['audience'] ?? '');
}

async function refuseApiAudience(
  { kubernetes, gate }: Trying,
  vouched: Vouched,
  { mount, role, service_account: account }: PassSubject,
  audience: string,
): Promise<void> {
  if (gate.word.accounts.some(({ namespace, name }) => namespace === account.namespace && name === account.name))
    return;
  if (await gate.isOurs(vouched)) return;
  if (audience !== '' && !(await apiAudiences()).includes(audience)) return;
  const who = accountText(account);
  const named = audience === '' ? 'no audience' : `the audience ${audience}`;
  throw new FailedError({
    code: 'audience-not-minted',
    subject: roleAddress(mount, role),
    message: `role ${role} at ${authAddress(mount)} has ${named}: a token of ${who} for it would be good for the API server itself, and nothing but the recipe says that this mount is ours; none was sent`,
    fix: [
      { why: 'give the role an audience of its own, e.g. vault: then its tokens are good for nothing else' },
      {
        why: `if whoever runs the mount may act as that account in the cluster, say so: ${inWords({ argv: ['--mint-for', who] })}`,
        ...(gate.own && { command: vaultbind('verify', { f: gate.own.files, 'mint-for': who }) }),
      },
    ],
  });

  /** Those of a token that is requested for none in particular. It stays in this process. */
  async function apiAudiences(): Promise<string[]> {
    const requested = await freshToken(kubernetes, account);
    if (!requested) return [];
    return claims(requested.token)?.audiences ?? [audience];
  }
}
