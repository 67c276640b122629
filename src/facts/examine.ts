import { isCause } from '../codes.ts';
import { type Fact, type Laboratory, question } from '../contracts/experiment.ts';
import { kubernetesVersion } from '../proof/cluster.ts';
import { heldToken } from '../proof/given-token.ts';
import type { Ear } from '../proof/monitor.ts';
import { vaultHealth } from '../proof/vault-server.ts';
import type { VaultHealth } from '../vault/api.ts';
import { type Examination, type KubeconfigFacts, unasked } from './examination.ts';
import { accountFacts } from './looks/account.ts';
import { type AskFact, asker, clusterAsker } from './looks/ask.ts';
import { clusterFacts } from './looks/cluster.ts';
import { hostFacts } from './looks/host.ts';
import { tryLogin } from './looks/login.ts';
import { mountFacts } from './looks/mount.ts';
import { reviewerFacts } from './looks/reviewer.ts';
import { lookAtOtherPolicies, roleFacts, unseen } from './looks/role.ts';
import { secretFacts } from './looks/secrets.ts';
import { vaultFacts } from './looks/vault.ts';
import type { Patient } from './patient.ts';

export interface ExamineOptions {
  address: string;
  kubeconfig: KubeconfigFacts;
  /** Whether to listen to Vault's log while logging in. */
  ear: Pick<Ear, 'monitor' | 'spared'>;
}

/** Known before anything is asked of the mount. */
type Begun = Pick<Examination, 'patient' | 'held'> & { health: Fact<VaultHealth>; version: Fact<string> };

type Looked = Omit<Examination, 'patient' | 'held' | 'address' | 'kubeconfig' | 'milliseconds'>;

/** Gathers facts, cheap and harmless first; what stands on something that is not there is not asked. */
export async function examine(patient: Patient, lab: Laboratory, options: ExamineOptions): Promise<Examination> {
  const started = performance.now();
  const ask = asker(lab);
  const { address, kubeconfig } = options;
  const [health, version] = await Promise.all([
    ask(question(vaultHealth, null)),
    ask(question(kubernetesVersion, null)),
  ]);
  const held = patient.jwt ? await ask(question(heldToken, patient.jwt)) : unasked;
  const begun = { patient, held, health, version };
  const looked =
    patient.mount === '' || cannotServe(health) ? nothingMore(begun) : await lookAtLogin(begun, ask, options);
  return { patient, address, kubeconfig, held, ...looked, milliseconds: performance.now() - started };
}

/** Vault was asked and is in no state to answer. Where it could not be asked at all, the cluster still can. */
function cannotServe(health: Fact<VaultHealth>): boolean {
  if (health.known) return health.value.sealed || !health.value.initialized;
  const { code = 'bug' } = health.because;
  return isCause(code) || code === 'timeout';
}

function nothingMore({ health, version }: Begun): Looked {
  return {
    vault: { health, operator: unasked, storage: unasked },
    cluster: { version, delegators: unasked },
    mount: { found: unasked, all: unasked, impossibleLogin: unasked, config: unasked },
    host: { configured: unasked, own: unasked },
    role: unseen,
    account: { found: unasked },
    secrets: new Map(),
    reviewer: { secret: unasked, account: unasked, mayReview: unasked },
    login: unasked,
    otherPolicies: unasked,
    ...later,
  };
}

/** Who is asked whether to probe, and the comparison with the recipe, come after all looks. */
const later = { probe: unasked, drift: unasked };

async function lookAtLogin(begun: Begun, ask: AskFact, { kubeconfig, ear }: ExamineOptions): Promise<Looked> {
  const { patient, held, health, version } = begun;
  const askCluster = clusterAsker(version, ask);
  const [vault, mount] = await Promise.all([vaultFacts(health, ask), mountFacts(patient, ask)]);
  const [cluster, host, { role, account }, secrets] = await Promise.all([
    clusterFacts(version, askCluster),
    hostFacts(mount, kubeconfig, ask),
    lookAtWho({ patient, held, mount }, ask, askCluster),
    secretFacts(patient, ask),
  ]);
  const who = { patient, mount, role, account };
  const reviewer = await reviewerFacts(who, askCluster);
  const login = await tryLogin(who, patient.jwt ? ask : askCluster, ear);
  const otherPolicies = await lookAtOtherPolicies({ patient, role, login }, ask);
  return { ...{ vault, cluster, mount, host, role, account, secrets, reviewer, login, otherPolicies }, ...later };
}

async function lookAtWho(x: Pick<Examination, 'patient' | 'held' | 'mount'>, ask: AskFact, askCluster: AskFact) {
  const role = await roleFacts(x, ask);
  return { role, account: await accountFacts({ ...x, role }, askCluster) };
}
