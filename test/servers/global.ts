import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createProgress } from '../../src/sandbox/progress.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import type { ProvidedServers } from './servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    servers: ProvidedServers;
  }
}

/** One API server and both Vaults for all tests of the project `real`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultbind-test-'));
  try {
    const sandbox = await startSandbox(
      { folder, products: ['openbao', 'hashicorp'] },
      { env: process.env, progress: createProgress(process.stderr) },
    );
    project.provide('servers', provided(sandbox));
    return async () => {
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function provided({ kubernetes, vaults }: Awaited<ReturnType<typeof startSandbox>>): ProvidedServers {
  const vault = (product: string) => {
    const found = vaults.find((each) => each.product === product);
    if (!found) throw new Error(`${product} was not started`);
    return { address: found.address, token: found.token.reveal(), version: found.version, product: found.product };
  };
  return {
    kubernetes: {
      server: kubernetes.server,
      kubeconfig: kubernetes.kubeconfig,
      ca: kubernetes.ca,
      caFile: kubernetes.caFile,
      version: kubernetes.version,
      clientCertificate: kubernetes.admin.certificate,
      clientKey: kubernetes.admin.key.reveal(),
      serviceAccountKeyFile: kubernetes.serviceAccountKeyFile,
    },
    vaults: { openbao: vault('openbao'), hashicorp: vault('hashicorp') },
  };
}
