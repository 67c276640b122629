import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import type { KubernetesConnection } from '../connect.ts';
import { tokenFileCredentials } from '../credentials/token-file.ts';
import { invalid } from './entry.ts';
import type { Environment } from './load.ts';
import { proxyEnvironment } from './proxy-environment.ts';

/** Where every pod finds its ServiceAccount's token and the cluster's CA. */
export const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The connection of a pod to its own cluster; undefined when this is no pod. */
export async function inClusterConnection(env: Environment, folder: string): Promise<KubernetesConnection | undefined> {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  const token = join(folder, 'token');
  if (!host || !port || !(await isFile(token))) return undefined;
  const ca = join(folder, 'ca.crt');
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: await readFile(ca, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new InputError(invalid(ca, `the cluster's CA cannot be read (${error.code})`));
    }),
    context: '',
    origin: `the pod's own ServiceAccount (${folder})`,
    user: '',
    tls: { insecure: false },
    proxy: 'environment',
    env: proxyEnvironment(env),
    credentials: tokenFileCredentials("token of the pod's ServiceAccount", token, {
      unreadable: (why) => new InputError(invalid(token, `the pod's token cannot be read (${why})`)),
    }),
  };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
