import { type Problem, VaultbindError } from '../errors.ts';
import type { KubernetesProber } from '../kubernetes/api.ts';
import { vault } from '../model/commands.ts';
import type { ServiceAccountName } from '../recipe/recipe.ts';
import type { Secret } from '../secret.ts';
import { type ApiHost, hostIn } from '../trust/api-host.ts';
import { CaBundle, type CaPem } from '../trust/ca-bundle.ts';
import { caIn } from '../trust/read-ca.ts';
import { isRefusal, type VaultData, type VaultProber, type VaultScratch } from '../vault/api.ts';
import { isForbidden } from '../vault/objects/mount.ts';
import { quietly } from './quietly.ts';
import { scratchDescription, scratchName } from './scratch-mount.ts';
import type { MountGate } from './vouched-mount.ts';

/** Clients of a bisect: the one look from Vault's own place in the network. It writes, into mounts of its own. */
export interface Bisecting {
  vault: VaultProber;
  scratch: VaultScratch;
  kubernetes: KubernetesProber;
  gate: MountGate;
}

export interface BisectSubject {
  /** The mount that refuses. */
  mount: string;
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
 * Errors: SystemError when the operator may not make them, or no good reviewer is to be had; FailedError
 * mount-not-vouched before anything is made, when the stored config leads elsewhere than to this cluster.
 */
export async function bisect(clients: Bisecting, subject: BisectSubject, signal: AbortSignal): Promise<Bisection> {
  const result: Bisection = { rounds: [], left: [] };
  const { kubernetes, gate } = clients;
  await gate.vouchWritten(subject.mount, subject.config);
  const reviewer = await goodReviewer(kubernetes, subject);
  const { token } = await kubernetes.requestToken(subject.account, { seconds: 600 });
  for (const round of roundsOf(subject)) {
    if (signal.aborted) break;
    const said = await tryRound(clients, subject.account, { ...round, reviewer, token }, result.left);
    result.rounds.push({ suspect: round.suspect, changed: round.changed, said });
    if (said !== accepted) continue;
    result.fault = round.suspect;
    break;
  }
  return result;
}

const accepted = 'the login goes through';

/** Each round keeps the changes of those before it. */
function roundsOf({ config, cidrs, own }: BisectSubject): Round[] {
  const kept = ['pem_keys', 'issuer', 'disable_iss_validation'];
  const fields = Object.fromEntries(kept.flatMap((key) => (config[key] === undefined ? [] : [[key, config[key]]])));
  const others = { ...fields, disable_local_ca_jwt: config['disable_local_ca_jwt'] ?? false };
  const { kubernetes_host: host, kubernetes_ca_cert: ca } = config;
  const stored = { host: host ? hostIn(host) : ('' as const), ca: ca ? caIn(ca) : ('' as const) };
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

function round(suspect: Suspect, changed: string): Omit<Round, 'config'> {
  return { suspect, changed, cidrs: [] };
}

function keyOf(ca: CaBundle | '' | undefined): string | undefined {
  return ca instanceof CaBundle ? ca.key : ca;
}

/** The token of the reviewer's Secret when it is alive, else a fresh one of its account. */
async function goodReviewer(kubernetes: KubernetesProber, { secret, reviewer }: BisectSubject): Promise<Secret> {
  const stored = secret && (await quietly(() => kubernetes.tokenSecret(secret)))?.token;
  if (stored && !stored.empty && (await kubernetes.reviewToken(stored, { as: stored })).authenticated) return stored;
  return (await kubernetes.requestToken(reviewer, { seconds: 600 })).token;
}

async function tryRound(
  { vault, scratch, gate }: Bisecting,
  { namespace, name }: ServiceAccountName,
  { config, cidrs, reviewer, token }: Round & { reviewer: Secret; token: Secret },
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
      await scratch.write(mount, 'config', { ...config, token_reviewer_jwt: reviewer.reveal() });
      await scratch.write(mount, 'role/probe', {
        bound_service_account_names: [name],
        bound_service_account_namespaces: [namespace],
        token_bound_cidrs: cidrs,
        token_ttl: '60s',
      });
      const login = await vault.login(vouched.mount, 'probe', token, `ServiceAccount ${namespace}/${name}`);
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
    subject: `sys/auth/${mount}`,
    message: `this scratch mount could not be removed: ${why}`,
    fix: [{ why: 'remove it', command: vault('auth disable', [mount]) }],
  };
}
