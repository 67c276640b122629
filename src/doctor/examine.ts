import { isCause } from '../codes.ts';
import { type Laboratory, question } from '../contracts/experiment.ts';
import { authMount, authMounts, impossibleLogin, storedConfig } from '../proof/auth-method.ts';
import {
  apiHandshake,
  delegators,
  kubernetesVersion,
  mayReview,
  reviewerTokenSecret,
  serviceAccountFact,
} from '../proof/cluster.ts';
import { heldToken } from '../proof/given-token.ts';
import type { Ear } from '../proof/monitor.ts';
import { storedSecret } from '../proof/stored-secret.ts';
import { operatorToken, vaultHealth, vaultStorage } from '../proof/vault-server.ts';
import { type Examination, known } from './examination.ts';
import { type AskFact, asker, clusterAsker } from './looks/ask.ts';
import { tryLogin } from './looks/login.ts';
import { lookAtOtherPolicies, lookAtRole } from './looks/role.ts';
import type { Patient } from './patient.ts';
import { reviewerOf } from './reviewer.ts';

export interface ExamineOptions {
  address: string;
  kubeconfig: Examination['kubeconfig'];
  /** Whether to listen to Vault's log while logging in. */
  ear: Pick<Ear, 'monitor' | 'spared'>;
}

/** Gathers facts, cheap and harmless first; what stands on something that is not there is not asked. */
export async function examine(patient: Patient, lab: Laboratory, options: ExamineOptions): Promise<Examination> {
  const ask = asker(lab);
  const { address, kubeconfig } = options;
  const [health, kubernetes] = await Promise.all([
    ask(question(vaultHealth, null)),
    ask(question(kubernetesVersion, null)),
  ]);
  const x: Examination = {
    patient,
    address,
    kubeconfig,
    health,
    kubernetes,
    policies: new Map(),
    secrets: new Map(),
  };
  if (patient.jwt) x.held = await ask(question(heldToken, patient.jwt));
  if (patient.mount === '' || cannotServe(x)) return x;
  const askCluster = clusterAsker(x, ask);
  await lookAtMount(x, ask);
  await Promise.all([
    lookAround(x, ask, askCluster),
    lookAtHost(x, ask),
    lookAtRole(x, ask, askCluster),
    lookAtSecrets(x, ask),
  ]);
  await lookAtReviewer(x, askCluster);
  await tryLogin(x, patient.jwt ? ask : askCluster, options.ear);
  await lookAtOtherPolicies(x, ask);
  return x;
}

/** Vault was asked and is in no state to answer. Where it could not be asked at all, the cluster still can. */
function cannotServe({ health }: Examination): boolean {
  if (health.known) return health.value.sealed || !health.value.initialized;
  const { code = 'bug' } = health.because;
  return isCause(code) || code === 'timeout';
}

/** For warnings alone: what may not be seen is not missed. */
async function lookAround(x: Examination, ask: AskFact, askCluster: AskFact): Promise<void> {
  x.storage = await ask(question(vaultStorage, null));
  x.delegators = await askCluster(question(delegators, null));
}

async function lookAtMount(x: Examination, ask: AskFact): Promise<void> {
  const { mount } = x.patient;
  const [operator, found, mounts, impossible, config] = await Promise.all([
    ask(question(operatorToken, null)),
    ask(question(authMount, mount)),
    ask(question(authMounts, null)),
    ask(question(impossibleLogin, mount)),
    ask(question(storedConfig, mount)),
  ]);
  Object.assign(x, { operator, mount: found, mounts, impossibleLogin: impossible, config });
}

async function lookAtHost(x: Examination, ask: AskFact): Promise<void> {
  const config = known(x.config);
  const { server, ca } = x.kubeconfig;
  if (server !== '') x.ownHandshake = await ask(question(apiHandshake, { host: server, ca: ca?.pem ?? '' }));
  const host = String(config?.['kubernetes_host'] ?? '');
  if (!URL.canParse(host)) return;
  x.handshake = await ask(question(apiHandshake, { host, ca: String(config?.['kubernetes_ca_cert'] ?? '') }));
}

async function lookAtSecrets(x: Examination, ask: AskFact): Promise<void> {
  for (const { path } of x.patient.can) x.secrets.set(path, await ask(question(storedSecret, path)));
}

async function lookAtReviewer(x: Examination, ask: AskFact): Promise<void> {
  const reviewer = reviewerOf(x);
  if (reviewer.secret) x.reviewerSecret = await ask(question(reviewerTokenSecret, reviewer.secret));
  if (x.patient.reviewer) x.reviewerAccount = await ask(question(serviceAccountFact, x.patient.reviewer));
  if (reviewer.account) x.mayReview = await ask(question(mayReview, reviewer.account));
}
