import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { servers } from '../../servers/servers.ts';
import type { Bench } from '../bench.ts';
import { type Call, certain, type Fault } from '../fault.ts';

// biome-ignore lint/suspicious/noExplicitAny: a kubeconfig is foreign YAML.
type Kubeconfig = any;

function withKubeconfig({ folder }: Bench, change: (config: Kubeconfig) => void): Call {
  const config: Kubeconfig = parse(readFileSync(servers().kubernetes.kubeconfig, 'utf8'));
  change(config);
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, stringify(config));
  return { env: { KUBECONFIG: file } };
}

/** The operator's own way to the cluster. */
export const kubernetesFaults: Fault[] = [
  {
    id: 'kubernetes-port-dead',
    cases: ['C171'],
    break: async (bench, { deadPort }) =>
      withKubeconfig(bench, (config) => {
        config.clusters[0].cluster.server = `https://127.0.0.1:${deadPort}`;
      }),
    expected: { cause: 'kubernetes-unreachable', certainty: 'likely' },
  },
  {
    id: 'kubernetes-context-of-nobody',
    cases: ['C174'],
    break: async () => ({ args: ['-f', 'recipe.yaml', '--context', 'nowhere'] }),
    expected: certain('kubernetes-context-missing'),
  },
  {
    id: 'kubernetes-ca-of-another',
    cases: ['C168', 'C167'],
    break: async (bench, { cluster }) =>
      withKubeconfig(bench, (config) => {
        config.clusters[0].cluster['certificate-authority-data'] = Buffer.from(cluster.ca).toString('base64');
        delete config.clusters[0].cluster['certificate-authority'];
      }),
    expected: { cause: 'kubernetes-unreachable', certainty: 'likely' },
  },
  {
    id: 'kubernetes-token-dead',
    cases: ['C171'],
    break: async (bench) =>
      withKubeconfig(bench, (config) => {
        config.users[0].user = { token: 'nobody' };
      }),
    expected: certain('kubernetes-credentials-rejected'),
  },
];
