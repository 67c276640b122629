import { sep } from 'node:path';
import type { InputError } from '../../errors.ts';
import type { ExecOptions, ExecPlugin } from '../credentials/exec-run.ts';
import { beside, type KubeconfigEntry, wrongEntry } from './entry.ts';
import type { ExecFields, UserFields } from './schema.ts';

export interface PluginSurroundings extends ExecOptions {
  /** Standard input is a terminal that a plugin may ask in. */
  terminal: boolean;
  /** The cluster as ExecCredential's spec.cluster describes it. */
  cluster: Record<string, unknown>;
}

const execVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
const interactiveModes = ['Never', 'IfAvailable', 'Always'];

/** @throws InputError kubernetes-config-invalid */
export function execPlugin(
  user: KubeconfigEntry<UserFields>,
  exec: ExecFields,
  plugin: PluginSurroundings,
): ExecPlugin {
  if (!exec.command) throw wrongEntry(user, 'exec', 'has a credential plugin without a command');
  if (!exec.apiVersion || !execVersions.includes(exec.apiVersion)) {
    throw wrongEntry(
      user,
      'exec',
      `has a credential plugin of apiVersion ${exec.apiVersion ?? '(none)'}; known are ${execVersions.join(' and ')}`,
    );
  }
  const mode = exec.interactiveMode ?? (exec.apiVersion.endsWith('v1beta1') ? 'IfAvailable' : undefined);
  if (!mode || !interactiveModes.includes(mode)) {
    throw wrongEntry(
      user,
      'exec',
      `has a credential plugin whose interactiveMode is ${mode ?? 'missing'}; it is one of ${interactiveModes.join(', ')}`,
    );
  }
  if (mode === 'Always' && !plugin.terminal) {
    throw wrongEntry(
      user,
      'exec',
      `has a credential plugin that must ask, and standard input is not a terminal`,
      'Run this in a terminal, or use credentials that need no questions.',
    );
  }
  return {
    // Only a command with a slash is a path; anything else is looked up in PATH.
    command: exec.command.includes(sep) ? beside(user.file, exec.command) : exec.command,
    args: exec.args ?? [],
    env: Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
    apiVersion: exec.apiVersion,
    installHint: exec.installHint || undefined,
    ...(exec.provideClusterInfo && { cluster: plugin.cluster }),
    interactive: mode !== 'Never' && plugin.terminal,
  };
}

/** kubectl dropped auth-provider for credential plugins (1.26). */
export function authProviderGone(user: KubeconfigEntry<UserFields>, name: string): InputError {
  return wrongEntry(
    user,
    'auth-provider',
    `uses the auth-provider "${name}", which kubectl has given up for credential plugins`,
    name === 'oidc'
      ? 'Replace auth-provider by an exec plugin, e.g. `kubectl oidc-login` (kubelogin).'
      : `Renew the kubeconfig with your provider's own tool, e.g. ${renewal[name] ?? '`… get-credentials`'}.`,
  );
}

const renewal: Record<string, string> = {
  gcp: '`gcloud container clusters get-credentials` (with gke-gcloud-auth-plugin)',
  azure: '`az aks get-credentials` and `kubelogin convert-kubeconfig`',
};
