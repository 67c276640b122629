import type { Probing } from '../contracts/clients.ts';
import type { MountGate, OperatorsWord, OwnMount, Vouched } from '../contracts/mount-gate.ts';
import { FailedError, InputError, InterruptedError, type Problem, SystemError, VaultbindError } from '../errors.ts';
import { publishedCa } from '../kubernetes/api.ts';
import { authAddress, configAddress } from '../model/addresses.ts';
import { vault } from '../model/commands.ts';
import { quietly } from '../model/error-values.ts';
import { inWords } from '../model/printed.ts';
import { printGrant } from '../policy/print.ts';
import { hostIn } from '../trust/api-host.ts';
import { type OwnCluster, type Voucher, vouchedBy } from '../trust/own-cluster.ts';
import { caIn } from '../trust/read-ca.ts';
import type { VaultData, VaultProber } from '../vault/api.ts';
import { VouchedMount } from '../vault/vouched-mount.ts';

export const noWord: OperatorsWord = { mounts: [], accounts: [] };

export function mountGate(
  { vault: prober, kubernetes }: Probing,
  word: OperatorsWord = noWord,
  ownMount?: OwnMount,
): MountGate {
  let looked: Promise<boolean | undefined> | undefined;
  const judged = new Map<string, Promise<Judged>>();
  const own = async (config: VaultData): Promise<OwnCluster> => {
    const { server, ca } = kubernetes;
    // Who has no CA in the kubeconfig reads the published one, where it could decide.
    if (ca !== undefined || !config['kubernetes_ca_cert']) return { server, ca };
    const { namespace, name } = publishedCa;
    const published = caIn((await quietly(() => kubernetes.configMap(namespace, name)))?.data?.['ca.crt']);
    return { server, ca: published };
  };
  const judge = async (mount: string, config: VaultData | undefined): Promise<Judged> => {
    const by = vouchedConfig(mount, config, config ? await own(config) : { server: '' }, word.clusterHost);
    return { vouched: { mount: new VouchedMount(mount), by }, seen: seenIn(config) };
  };
  const read = async (mount: string): Promise<Judged> => {
    if (word.mounts.includes(mount)) return { vouched: { mount: new VouchedMount(mount), by: 'mount' }, seen: '' };
    return await judge(mount, await configOf(prober, mount));
  };
  return {
    word,
    own: ownMount,
    isOurs: async ({ mount, by }) => {
      if (by === 'mount' || mount.path !== ownMount?.path) return false;
      looked ??= quietly(() => ownMount.isOurs());
      return (await looked) ?? false;
    },
    vouch: async (mount) => {
      const judging = judged.get(mount) ?? read(mount);
      judged.set(mount, judging);
      return (await judging).vouched;
    },
    vouchWritten: async (mount, config) => (await judge(mount, config)).vouched,
    recheck: async () => {
      const all = await Promise.all([...judged].map(([mount, judging]) => changedSince(prober, mount, judging)));
      return all.flat();
    },
  };
}

interface Judged {
  vouched: Vouched;
  /** What decided, to be compared with what is there later; '': nothing was read. */
  seen: string;
}

/** By what it is known that this config leads to the cluster. Errors: FailedError mount-not-vouched. */
function vouchedConfig(mount: string, config: VaultData | undefined, own: OwnCluster, word?: string): Voucher {
  if (!config) throw notVouched(mount, `${authAddress(mount)} has no configuration`);
  const host = config['kubernetes_host'];
  const ca = config['kubernetes_ca_cert'] ?? '';
  if (typeof host !== 'string' || host === '' || typeof ca !== 'string')
    throw notVouched(mount, `${configAddress(mount)} names no API server`);
  if (ca.trim() === '' && config['disable_local_ca_jwt'] !== true)
    throw notVouched(
      mount,
      `${configAddress(mount)} names no CA: Vault takes that of its own Pod, which may be in another cluster, for ${JSON.stringify(host)}`,
    );
  const told = hostIn(host) ?? '';
  const by = vouchedBy({ host: told, ...(ca.trim() !== '' && { ca: caIn(ca) ?? 'unread' }) }, own, hostIn(word));
  if (by) return by;
  const but =
    told === own.server
      ? "under a CA that is not known as this cluster's: where Vault stands that address may be another machine"
      : 'and nothing shows that this is the cluster';
  throw notVouched(
    mount,
    `${authAddress(mount)} passes tokens on to ${JSON.stringify(host)}, ${but}`,
    '--cluster-host with that address',
  );
}

function notVouched(mount: string, why: string, besides?: string): FailedError {
  return new FailedError(problemOf(mount, why, besides));
}

function problemOf(mount: string, why: string, besides?: string): Problem {
  const word = [besides, inWords({ argv: ['--trust-mount', mount] })].filter((one) => one !== undefined).join(' or ');
  return {
    code: 'mount-not-vouched',
    subject: authAddress(mount),
    message: `${why}; no token was made for it or sent to it`,
    fix: [{ why: `if you know that its tokens go to this cluster, say so: ${word}` }],
  };
}

async function configOf(prober: VaultProber, mount: string): Promise<VaultData | undefined> {
  try {
    return await prober.reread(configAddress(mount));
  } catch (error) {
    if (!(error instanceof VaultbindError) || !isOfOperator(error)) throw error;
    const why = error.code === 'operator-forbidden' ? '' : ` (${error.message})`;
    const unread = `${configAddress(mount)} may not be read${why}, so nobody knows which cluster it is for`;
    const { fix = [], ...problem } = problemOf(mount, unread);
    const ask = { why: `ask for a policy with: ${printGrant(configAddress(mount), ['read'])}` };
    throw new SystemError({ ...problem, fix: [ask, ...fix] });
  }
}

/** Vault answers, and not to this operator. */
function isOfOperator(error: VaultbindError): boolean {
  return error instanceof InputError || (error.code ?? '').startsWith('operator-');
}

function seenIn(config: VaultData | undefined): string {
  const fields = ['kubernetes_host', 'kubernetes_ca_cert', 'disable_local_ca_jwt'];
  return JSON.stringify(fields.map((field) => config?.[field] ?? null));
}

/** Undefined: as it was. */
async function howSince(prober: VaultProber, mount: string, before: string): Promise<string | undefined> {
  try {
    const now = seenIn(await prober.reread(configAddress(mount)));
    return now === before ? undefined : 'is not as it was when it was judged';
  } catch (error) {
    if (error instanceof InterruptedError) return 'was not looked at again, since the run was stopped';
    if (error instanceof VaultbindError) return 'cannot be read any more';
    throw error;
  }
}

/** A mount that was refused got no token, and one that the operator trusts was not looked at. */
async function changedSince(prober: VaultProber, mount: string, judging: Promise<Judged>): Promise<Problem[]> {
  const before = await judging.catch(() => undefined);
  if (!before || before.seen === '') return [];
  const how = await howSince(prober, mount, before.seen);
  if (how === undefined) return [];
  return [
    {
      code: 'mount-not-vouched',
      subject: authAddress(mount),
      message: `${configAddress(mount)} ${how}: tokens of this run may have been passed on elsewhere; they end by themselves within 10 minutes`,
      fix: [{ why: 'see where it leads now, and who may write it', command: vault('read', [configAddress(mount)]) }],
    },
  ];
}
