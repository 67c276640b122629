import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePrivate } from '../../src/sandbox/processes/folder.ts';
import { onFreePorts } from '../../src/sandbox/processes/ports.ts';
import { startProcess, untilReady } from '../../src/sandbox/processes/process.ts';
import { endProcess, signalProcess } from '../../src/sandbox/processes/process-identity.ts';
import { findPrograms } from '../../src/sandbox/programs/find.ts';
import { silent } from '../../src/sandbox/progress.ts';
import type { Certificate } from '../../src/sandbox/servers/certificates.ts';
import { type SandboxVault, startVault, vaultPrograms } from '../../src/sandbox/servers/vault.ts';
import type { SandboxVaultOptions, VaultProduct } from '../../src/sandbox/servers/vault-options.ts';

const context = { env: process.env, progress: silent };

/** A Vault for one file's tests, in a folder of its own. */
export async function ownVault(
  options: Omit<SandboxVaultOptions, 'folder'>,
): Promise<SandboxVault & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultbind-vault-'));
  const clean = () => rm(folder, { recursive: true, force: true });
  try {
    const server = await startVault({ ...options, folder }, context);
    const end = server.stop;
    const stop = async () => {
      await end();
      await clean();
    };
    // Not by spreading: the token is known only once it is initialised.
    return Object.assign(server, { folder, stop });
  } catch (error) {
    await clean();
    throw error;
  }
}

/** Shows another certificate from now on: Vault reads its files again on SIGHUP. */
export async function replaceCertificate(
  server: SandboxVault & { folder: string },
  identity: Certificate,
): Promise<void> {
  await writePrivate(server.folder, 'server.pem', identity.certificate);
  await writePrivate(server.folder, 'server-key.pem', identity.key);
  signalProcess(server.process(), 'SIGHUP');
}

export interface MutualTlsVault {
  address: string;
  stop(): Promise<void>;
}

/** An uninitialised Vault whose listener insists on a client certificate. */
export async function mutualTlsVault(
  product: VaultProduct,
  identity: Certificate,
  clientCa: string,
): Promise<MutualTlsVault> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultbind-vault-'));
  const { name, from } = vaultPrograms[product];
  const program = (await findPrograms(from, context)).get(name) ?? name;
  const files = {
    tls_cert_file: await writePrivate(folder, 'server.pem', identity.certificate),
    tls_key_file: await writePrivate(folder, 'server-key.pem', identity.key),
    tls_client_ca_file: await writePrivate(folder, 'client-ca.pem', clientCa),
    tls_require_and_verify_client_cert: true,
  };
  return onFreePorts(2, async ([port = 0]) => {
    const listener = [{ tcp: { address: `127.0.0.1:${port}`, ...files } }];
    const mlock = product === 'hashicorp' ? { disable_mlock: true } : {};
    const address = `https://127.0.0.1:${port}`;
    const configuration = JSON.stringify({ storage: { inmem: {} }, listener, api_addr: address, ...mlock });
    const args = ['server', `-config=${await writePrivate(folder, 'config.json', configuration)}`];
    const started = await startProcess({ name, program, args, folder }, context);
    await untilReady(started, () => accepts(port));
    const stop = async () => {
      await endProcess(started);
      await rm(folder, { recursive: true, force: true });
    };
    return { address, stop };
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
