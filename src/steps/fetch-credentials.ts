import { setTimeout } from 'node:timers/promises';
import type { Command } from '../command.ts';
import type { Reading } from '../contracts/clients.ts';
import { type Change, defineStep, type Resource, type State } from '../contracts/step.ts';
import type { Target } from '../contracts/target.ts';
import type { Problem } from '../errors.ts';
import type { Handshake } from '../kubernetes/handshake.ts';
import { accountText, type ServiceAccountName } from '../model/account.ts';
import { hostAddress, secretAddress } from '../model/addresses.ts';
import { assigned, call, type Flags, kubectl, variable } from '../model/commands.ts';

interface CredentialsResource extends Resource {
  kind: 'token' | 'cluster';
  secret?: ServiceAccountName;
}

export const fetchCredentials = defineStep<CredentialsResource>({
  name: 'fetch-credentials',
  title: "fetch the reviewer's token, the cluster's CA and the API host",
  summary:
    'kubectl get secret, kubectl config view: the token is found and decoded, the CA is a certificate that signs what the API server shows, the host answers as an API server. Makes nothing.',
  writes: false,

  commands: ({ recipe, cluster }) => {
    const { secret } = recipe.auth.reviewer;
    const token = secret ? [assigned(variable('SA_TOKEN'), kubectl('get secret', [secret.name], tokenOf(secret)))] : [];
    return [...token, ...caCommand(cluster).map((command) => assigned(variable('SA_CA_CRT'), command))];
  },

  access: ({ recipe }) => {
    const { secret } = recipe.auth.reviewer;
    const core = { system: 'kubernetes' as const, group: '', verb: 'get', phase: 'plan' as const };
    return secret ? [{ ...core, resource: 'secrets', namespace: secret.namespace, name: secret.name }] : [];
  },

  resources: ({ recipe, cluster }) => {
    if (recipe.auth.manage === 'none') return [];
    const { secret } = recipe.auth.reviewer;
    const api: CredentialsResource = {
      kind: 'cluster',
      system: 'kubernetes',
      address: hostAddress(cluster.host),
      desired: {},
      at: recipe.cluster.at,
    };
    if (!secret) return [api];
    const token: CredentialsResource = {
      kind: 'token',
      system: 'kubernetes',
      address: `token of ${secretAddress(secret)}`,
      desired: {},
      inside: secretAddress(secret),
      secret,
      at: recipe.auth.reviewer.at,
    };
    return [token, api];
  },

  observe: (reading, resource, target) =>
    resource.kind === 'token' ? observeToken(reading, resource) : observeCluster(reading, target),

  diff: (resource, observed, target) =>
    resource.kind === 'token' ? judgeToken(resource, observed) : judgeCluster(observed as ClusterState, target),
});

/** Two seconds: the controller manager takes a moment, and somebody else may have made the Secret just now. */
const fillTries = 10;
const fillPause = 200;

async function observeToken({ kubernetes }: Reading, { secret }: CredentialsResource): Promise<State> {
  for (let tries = 1; ; tries++) {
    const found = secret && (await kubernetes.tokenSecret(secret));
    const filled = found?.token !== undefined && !found.token.empty;
    if (filled || !found || tries === fillTries) return { filled };
    await setTimeout(fillPause);
    kubernetes.forget();
  }
}

function judgeToken({ secret }: CredentialsResource, observed: State | undefined): Change {
  if (observed?.['filled'] || !secret) return { action: 'none', because: ok('found and decoded') };
  return {
    action: 'blocked',
    code: 'token-secret-not-filled',
    reason: `Secret ${accountText(secret)} holds no token yet`,
    fix: [
      {
        why: 'the controller manager fills it a moment after it is made; see what it says',
        command: kubectl('describe secret', [secret.name], { namespace: secret.namespace }),
      },
    ],
  };
}

type ClusterState = State & { handshake: Handshake };

async function observeCluster({ kubernetes }: Reading, { cluster }: Target): Promise<ClusterState> {
  return { handshake: await kubernetes.look(cluster.host, cluster.ca) };
}

function judgeCluster({ handshake: answer }: ClusterState, { cluster }: Target): Change {
  if (!cluster.vouched) return notVouched(cluster);
  const problem = problemOf(answer, cluster);
  if (!problem && cluster.ca === undefined) return { action: 'none', warnings: [noCa(cluster.host)] };
  if (!problem)
    return { action: 'none', because: ok('answers as an API server, with a certificate that the CA signs') };
  // The API server itself was reached a moment ago, or there would be no plan: this says no more than where we stand.
  if (problem.code === 'host-unreachable')
    return {
      action: 'none',
      warnings: [{ ...problem, message: `${problem.message}; Vault's own view is proved by login` }],
    };
  return { action: 'blocked', code: problem.code, reason: problem.message, fix: problem.fix ?? [] };
}

/** Vault sends the reviewer's token there at every login. */
function notVouched({ host, server }: Target['cluster']): Change {
  const what = host === server ? 'where Vault stands that may be another machine' : "is not the kubeconfig's server";
  return {
    action: 'blocked',
    code: 'host-not-vouched',
    reason: `cluster.host ${host}: ${what}, and the CA of the recipe is not this cluster's own: nothing shows that it is the same cluster`,
    fix: [
      { why: "leave out cluster.ca, so that Vault insists on the cluster's own CA" },
      { why: `or vouch for that address yourself, if you know it: --cluster-host ${host}` },
    ],
  };
}

function noCa(host: string): Problem {
  return {
    code: 'ca-missing',
    subject: `cluster ${host}`,
    message:
      "no CA certificate was found in the recipe, the kubeconfig or ConfigMap kube-root-ca.crt; Vault will use its own pod's, or its system's roots",
    fix: [{ why: "give the cluster's CA in the recipe: cluster.ca" }],
  };
}

function problemOf(answer: Handshake, { host, source }: Target['cluster']): Problem | undefined {
  const said = (code: Problem['code'], message: string, why: string): Problem => ({
    code,
    subject: `cluster ${host}`,
    message,
    fix: [{ why }],
  });
  if (answer.status === 'unreachable')
    return said(
      'host-unreachable',
      `${host} does not answer from here: ${answer.said}`,
      source.host === 'recipe' ? 'check cluster.host in the recipe' : 'see what drops the connection on the way',
    );
  if (answer.status === 'untrusted')
    return said(
      'ca-mismatch',
      `the CA does not sign what ${host} shows: ${answer.said}`,
      "give the cluster's own CA in the recipe: cluster.ca",
    );
  if (answer.status === 'wrong-name')
    return said(
      'certificate-name-mismatch',
      `the certificate of ${host} does not name that address: ${answer.said}`,
      'use an address in cluster.host that the certificate names',
    );
  if (answer.status === 'expired')
    return said(
      'certificate-expired',
      `the certificate of ${host} has ended: ${answer.said}`,
      'renew it on the cluster',
    );
  if (answer.status === 'not-an-api-server')
    return said('host-not-an-api-server', `${host} is no Kubernetes API server: ${answer.said}`, 'check cluster.host');
  return undefined;
}

function ok(message: string): { code: 'in-place'; message: string } {
  return { code: 'in-place', message };
}

const tokenOf = ({ namespace }: ServiceAccountName): Flags => ({
  namespace,
  output: 'go-template={{ .data.token | base64decode }}',
});

function caCommand({ source, ca }: Target['cluster']): Command[] {
  const data = 'jsonpath={.clusters[].cluster.certificate-authority-data}';
  const view = kubectl('config view', [], { raw: true, minify: true, flatten: true, output: data });
  switch (source.ca) {
    case 'kubeconfig':
      return [{ ...view, into: call('base64', '--decode') }];
    case 'kube-root-ca.crt':
      return [kubectl('get configmap', ['kube-root-ca.crt'], { output: 'jsonpath={.data.ca\\.crt}' })];
    case 'recipe':
      return [{ ...call('cat'), stdin: ca?.pem ?? '' }];
    default:
      return [];
  }
}
