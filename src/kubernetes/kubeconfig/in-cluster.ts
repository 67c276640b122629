import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import type { Environment } from '../../model/environment.ts';
import { type ApiHost, hostIn } from '../../trust/api-host.ts';
import { readCa } from '../../trust/read-ca.ts';
import type { KubernetesConnection } from '../connection.ts';
import { tokenFileCredentials } from '../credentials/token-file.ts';
import { invalid } from './entry.ts';
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
  const pem = await readFile(ca, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(invalid(ca, `the cluster's CA cannot be read (${error.code})`));
  });
  return {
    server: serverOf(host, port, folder),
    ca: readCa(pem, ca),
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

function serverOf(host: string, port: string, folder: string): ApiHost {
  const server = hostIn(`https://${host.includes(':') ? `[${host}]` : host}:${port}`);
  if (server) return server;
  throw new InputError(invalid(folder, 'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are no host and port'));
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
