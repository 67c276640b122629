import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { InputError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import {
  type Credential,
  type CredentialSource,
  fixedCredentials,
  type Impersonation,
} from '../credentials/credentials.ts';
import { type ExecOptions, type ExecPlugin, execCredentials } from '../credentials/exec-plugin.ts';
import { tokenFileCredentials } from '../credentials/token-file.ts';
import { type Entry, invalid } from './file.ts';
import type { ExecFields, UserFields } from './schema.ts';

export interface PluginSurroundings extends ExecOptions {
  /** Standard input is a terminal that a plugin may ask in. */
  terminal: boolean;
  /** The cluster as ExecCredential's spec.cluster describes it. */
  cluster: Record<string, unknown>;
}

/**
 * How this user of a kubeconfig proves itself, with client-go's precedence: a plugin is only asked when there is
 * neither token, password nor certificate.
 * @throws InputError kubernetes-config-invalid
 */
export async function userCredentials(user: Entry<UserFields>, plugin: PluginSurroundings): Promise<CredentialSource> {
  const fields = user.value;
  if ((fields.token || fields.tokenFile) && (fields.username || fields.password)) {
    throw wrong(user, 'username', 'has a token and a password; only one of them can be sent');
  }
  const certificate = await clientCertificate(user);
  const named = `user "${user.name}"`;
  const token = fields.token ? new Secret(fields.token) : undefined;
  if (fields.tokenFile) {
    const path = beside(user.file, fields.tokenFile);
    return tokenFileCredentials(`token file of ${named}`, path, {
      ...(token && { otherwise: token }),
      ...(certificate && { certificate }),
      unreadable: (why) => wrong(user, 'tokenFile', `names a token file that cannot be read (${path}: ${why})`),
    });
  }
  if (token) return fixedCredentials(`token of ${named}`, { ...certificate, token });
  if (fields.username || fields.password)
    return fixedCredentials(`password of ${named}`, { ...certificate, basic: password(fields) });
  if (certificate) return fixedCredentials(`client certificate of ${named}`, certificate);
  if (fields.exec && fields['auth-provider']) throw wrong(user, 'exec', 'has both exec and auth-provider');
  if (fields.exec) return execCredentials(execPlugin(user, fields.exec, plugin), plugin);
  if (fields['auth-provider']) throw authProviderGone(user, fields['auth-provider'].name);
  return fixedCredentials(`no credentials (${named} has none)`, {});
}

/** @throws InputError kubernetes-config-invalid */
export function impersonation(user: Entry<UserFields>): Impersonation | undefined {
  const { as, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = user.value;
  if (as) return { user: as, ...(uid && { uid }), groups: groups ?? [], extra: extra ?? {} };
  if (uid || groups?.length || Object.keys(extra ?? {}).length > 0) {
    throw wrong(user, undefined, 'impersonates a uid, groups or extra without a user (`as` is missing)');
  }
  return undefined;
}

/** A path of a kubeconfig is relative to the file it stands in. */
export function beside(file: string, path: string): string {
  return isAbsolute(path) ? path : resolve(dirname(file), path);
}

/** Text of `<field>-data`, else of the file that `<field>` names. */
export async function dataOrFile<T>(entry: Entry<T>, field: keyof T & string): Promise<string | undefined> {
  const values = entry.value as Record<string, unknown>;
  const data = values[`${field}-data`];
  if (typeof data === 'string') return data;
  const named = values[field];
  if (typeof named !== 'string') return undefined;
  const path = beside(entry.file, named);
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw wrong(entry, field, `names a file that cannot be read (${path}: ${error.code})`);
  });
}

export function wrong<T>(entry: Entry<T>, field: string | undefined, what: string, fix?: string): InputError {
  const at = entry.at(field);
  return new InputError(invalid(entry.file, `"${entry.name}" ${what}`, at, fix));
}

function password(fields: UserFields): { username: string; password: Secret } {
  return { username: fields.username ?? '', password: new Secret(fields.password ?? '') };
}

async function clientCertificate(user: Entry<UserFields>): Promise<Credential | undefined> {
  const cert = await dataOrFile(user, 'client-certificate');
  if (cert === undefined) return undefined;
  const keyText = await dataOrFile(user, 'client-key');
  if (keyText === undefined) throw wrong(user, 'client-certificate', 'has a client certificate without client-key');
  const key = new Secret(keyText);
  checkPair(user, cert, key);
  return { cert, key };
}

function checkPair(user: Entry<UserFields>, cert: string, key: Secret): void {
  const leaf = attempt(() => new X509Certificate(cert));
  if (!leaf) throw wrong(user, present(user, 'client-certificate'), 'has a client certificate that is not PEM');
  const privateKey = attempt(() => createPrivateKey(key.reveal()));
  if (!privateKey)
    throw wrong(user, present(user, 'client-key'), 'has a client key that is not an unencrypted PEM key');
  if (!leaf.checkPrivateKey(privateKey)) {
    throw wrong(user, present(user, 'client-key'), 'has a client key that does not belong to its client certificate');
  }
}

/** The spelling that is used of a field that may end in -data. */
function present(user: Entry<UserFields>, field: 'client-certificate' | 'client-key'): string {
  return user.value[`${field}-data`] === undefined ? field : `${field}-data`;
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

const execVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
const interactiveModes = ['Never', 'IfAvailable', 'Always'];

function execPlugin(user: Entry<UserFields>, exec: ExecFields, plugin: PluginSurroundings): ExecPlugin {
  if (!exec.command) throw wrong(user, 'exec', 'has a credential plugin without a command');
  if (!exec.apiVersion || !execVersions.includes(exec.apiVersion)) {
    throw wrong(
      user,
      'exec',
      `has a credential plugin of apiVersion ${exec.apiVersion ?? '(none)'}; known are ${execVersions.join(' and ')}`,
    );
  }
  const mode = exec.interactiveMode ?? (exec.apiVersion.endsWith('v1beta1') ? 'IfAvailable' : undefined);
  if (!mode || !interactiveModes.includes(mode)) {
    throw wrong(
      user,
      'exec',
      `has a credential plugin whose interactiveMode is ${mode ?? 'missing'}; it is one of ${interactiveModes.join(', ')}`,
    );
  }
  if (mode === 'Always' && !plugin.terminal) {
    throw wrong(
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
    ...(exec.installHint && { installHint: exec.installHint }),
    ...(exec.provideClusterInfo && { cluster: plugin.cluster }),
    interactive: mode !== 'Never' && plugin.terminal,
  };
}

function authProviderGone(user: Entry<UserFields>, name: string): InputError {
  return wrong(
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
