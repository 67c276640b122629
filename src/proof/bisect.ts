import type { Trying } from '../contracts/experiment.ts';
import { FailedError, type Problem, VaultbindError } from '../errors.ts';
import type { ServiceAccountName } from '../model/account.ts';
import { accountAddress, authAddress, configAddress, mountAddress } from '../model/addresses.ts';
import { vault } from '../model/commands.ts';
import type { Secret } from '../secret.ts';
import { type ApiHost, hostIn } from '../trust/api-host.ts';
import { CaBundle, type CaPem } from '../trust/ca-bundle.ts';
import { caIn } from '../trust/read-ca.ts';
import { isRefusal, type VaultData, type VaultScratch } from '../vault/api.ts';
import { isForbidden } from '../vault/objects/mount.ts';
import { loginPass } from './login-pass.ts';
import { reviewerPass } from './reviewer-pass.ts';
import { scratchDescription, scratchName } from './scratch-mount.ts';

/** Clients of a bisect: the one look from Vault's own place in the network. It writes, into mounts of its own. */
export interface Bisecting extends Trying {
  scratch: VaultScratch;
}

export interface BisectSubject {
  /** The mount that refuses. */
  mount: string;
  /** The role that refuses. */
  role: string;
  /** The stored role's, '' for the API server's own. */
  audience: string;
  /** The stored auth config. */
  config: VaultData;
  /** The role's token_bound_cidrs. */
  cidrs: string[];
  /** The application's account, which logs in. */
  account: ServiceAccountName;
  /** Whoever reviews, and where its token is kept. */
  reviewer: ServiceAccountName;
  secret?: ServiceAccountName;
  /** The API server as the kubeconfig has it: what is put in place of the stored host and CA. */
  own: { host: ApiHost | ''; ca?: CaBundle };
}

/** What was changed last when the login first went through. */
export type Suspect = 'reviewer' | 'cidrs' | 'ca' | 'host';

export interface Bisection {
  /** Undefined: no round went through. */
  fault?: Suspect;
  /** In the order tried: what was changed, and what came of it. */
  rounds: { suspect: Suspect; changed: string; said: string }[];
  /** Scratch mounts that could not be removed. */
  left: Problem[];
}

interface Round {
  suspect: Suspect;
  changed: string;
  /** Undefined: the stored host or CA is not clear, so nothing like it can be made. */
  config: ScratchConfig | undefined;
  cidrs: string[];
}

/** Host and CA of a scratch mount can only be what was judged: a good reviewer token goes there. */
type ScratchConfig = VaultData & { kubernetes_host: ApiHost | ''; kubernetes_ca_cert: CaPem | '' };

/**
 * Logs in at scratch mounts like the one that refuses, one field changed a round, until a login goes through: what was
 * changed last is at fault. Each round has a mount of its own, since Vault keeps connections. All are removed.
 *
 * A good reviewer's token is good for the API server itself. So it goes where a config of ours leads, or to the
 * kubeconfig's server under its own CA: a config of somebody else that leads anywhere else is not copied.
 *
 * Errors: SystemError when the operator may not make them, or no good reviewer is to be had; before anything is made,
 * FailedError mount-not-vouched and audience-not-minted as for any login.
 */
export async function bisect(clients: Bisecting, subject: BisectSubject, signal: AbortSignal): Promise<Bisection> {
  const result: Bisection = { rounds: [], left: [] };
  const { mount, role, audience, account: service_account } = subject;
  const vouched = await clients.gate.vouch(mount);
  if (!leadsHome(subject) && !(await clients.gate.isOurs(vouched))) throw notCopied(subject);
  const pass = await loginPass(clients, { mount, role, audience, service_account });
  if (!pass) return result;
  for (const round of roundsOf(subject)) {
    if (signal.aborted) break;
    const said = await tryRound(clients, subject, { ...round, token: pass.jwt }, result.left);
    result.rounds.push({ suspect: round.suspect, changed: round.changed, said });
    if (said !== accepted) continue;
    result.fault = round.suspect;
    break;
  }
  return result;
}

/** The stored config is the kubeconfig's server under the kubeconfig's CA: the rounds change neither. */
function leadsHome({ config, own }: BisectSubject): boolean {
  const { host, ca } = storedIn(config);
  return host !== '' && host === own.host && keyOf(ca) === keyOf(own.ca ?? '');
}

function notCopied({ mount }: BisectSubject): FailedError {
  return new FailedError({
    code: 'mount-not-vouched',
    subject: authAddress(mount),
    message: `${configAddress(mount)} is not the kubeconfig's server under its own CA, and nothing but the recipe says that this mount is ours: a good reviewer's token is not tried in one like it`,
    fix: [{ why: 'compare host and CA with those of the kubeconfig, or ask whoever runs the mount to' }],
  });
}

const accepted = 'the login goes through';

/** Each round keeps the changes of those before it. */
function roundsOf({ config, cidrs, own }: BisectSubject): Round[] {
  const kept = ['pem_keys', 'issuer', 'disable_iss_validation'];
  const fields = Object.fromEntries(kept.flatMap((key) => (config[key] === undefined ? [] : [[key, config[key]]])));
  const others = { ...fields, disable_local_ca_jwt: config['disable_local_ca_jwt'] ?? false };
  const stored = storedIn(config);
  const like = (host: ApiHost | '' | undefined, ca: CaBundle | '' | undefined): ScratchConfig | undefined =>
    host === undefined || ca === undefined
      ? undefined
      : { ...others, kubernetes_host: host, kubernetes_ca_cert: ca === '' ? '' : ca.pem };
  const ours = own.ca ?? ('' as const);
  const rounds: Round[] = [
    {
      suspect: 'reviewer',
      changed: 'another token reviewer, known to be good',
      config: like(stored.host, stored.ca),
      cidrs,
    },
  ];
  if (cidrs.length > 0)
    rounds.push({ ...round('cidrs', 'no token_bound_cidrs'), config: like(stored.host, stored.ca) });
  if (keyOf(stored.ca) !== keyOf(ours))
    rounds.push({ ...round('ca', "the kubeconfig's CA"), config: like(stored.host, ours) });
  if (stored.host !== own.host)
    rounds.push({ ...round('host', `the kubeconfig's server ${own.host}`), config: like(own.host, ours) });
  return rounds;
}

/** Undefined: not all programs read it alike. */
function storedIn({ kubernetes_host: host, kubernetes_ca_cert: ca }: VaultData) {
  return { host: host ? hostIn(host) : ('' as const), ca: ca ? caIn(ca) : ('' as const) };
}

function round(suspect: Suspect, changed: string): Omit<Round, 'config'> {
  return { suspect, changed, cidrs: [] };
}

function keyOf(ca: CaBundle | '' | undefined): string | undefined {
  return ca instanceof CaBundle ? ca.key : ca;
}

async function tryRound(
  { vault, kubernetes, scratch, gate }: Bisecting,
  { account: { namespace, name }, audience, ...subject }: BisectSubject,
  { config, cidrs, token }: Round & { token: Secret },
  left: Problem[],
): Promise<string> {
  if (config === undefined) return 'not tried: not all programs read the stored host and CA alike';
  const mount = scratchName();
  let made = true;
  try {
    await scratch.enable(mount, scratchDescription(new Date())).catch((error: unknown) => {
      made = !isForbidden(error);
      throw error;
    });
    return await orRefusal(async () => {
      const vouched = await gate.vouchWritten(mount, config);
      const reviewer = await reviewerPass(kubernetes, vouched, subject);
      await scratch.write(mount, 'config', { ...config, token_reviewer_jwt: reviewer.jwt.reveal() });
      await scratch.write(mount, 'role/probe', {
        bound_service_account_names: [name],
        bound_service_account_namespaces: [namespace],
        token_bound_cidrs: cidrs,
        token_ttl: '60s',
        audience,
      });
      const login = await vault.login(reviewer.mount, 'probe', token, accountAddress({ namespace, name }));
      if (isRefusal(login)) return `${login.status} ${login.said}`;
      await vault.revoke(login);
      return accepted;
    });
  } finally {
    if (made) await scratch.remove(mount).catch((error: unknown) => left.push(notRemoved(mount, error)));
  }
}

const ofTheRound = ['vault-error', 'vault-unreachable', 'mount-not-vouched'];

/**
 * A config that Vault refuses or that leads nobody knows where, and a login without an answer because Vault gets none,
 * are what came of that round.
 */
async function orRefusal(attempt: () => Promise<string>): Promise<string> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof VaultbindError && ofTheRound.some((code) => code === error.code)) return error.message;
    throw error;
  }
}

function notRemoved(mount: string, error: unknown): Problem {
  const why = error instanceof VaultbindError ? error.message : String(error);
  return {
    code: 'probe-left',
    subject: mountAddress(mount),
    message: `this scratch mount could not be removed: ${why}`,
    fix: [{ why: 'remove it', command: vault('auth disable', [mount]) }],
  };
}
