import { join } from 'node:path';
import { makeFolder, writePrivate } from '../processes/folder.ts';
import { createAuthority } from './certificates.ts';
import type { SandboxVaultOptions } from './vault-options.ts';

export interface VaultFiles {
  folder: string;
  tls?: VaultTlsFiles;
}

interface VaultTlsFiles {
  /** PEM. */
  ca: string;
  caFile: string;
  certificateFile: string;
  keyFile: string;
}

export async function writeVaultFiles(options: SandboxVaultOptions): Promise<VaultFiles> {
  const folder = await makeFolder(options.folder);
  return options.tls ? { folder, tls: await writeCertificates(folder) } : { folder };
}

async function writeCertificates(folder: string): Promise<VaultTlsFiles> {
  const authority = await createAuthority('vaultbind sandbox Vault');
  const issued = await authority.issue({
    use: 'server',
    commonName: 'vault',
    ips: ['127.0.0.1'],
    names: ['localhost'],
  });
  return {
    ca: authority.certificate,
    caFile: await writePrivate(folder, 'ca.pem', authority.certificate),
    certificateFile: await writePrivate(folder, 'server.pem', issued.certificate),
    keyFile: await writePrivate(folder, 'server-key.pem', issued.key),
  };
}

/**
 * A configuration of our own instead of `-dev`: both products then take the same certificates, and no root token has
 * to be handed to them. Returns the file's path.
 */
export async function writeConfiguration(
  files: VaultFiles,
  options: SandboxVaultOptions,
  address: string,
): Promise<string> {
  const { folder, tls } = files;
  const listener = {
    address: new URL(address).host,
    ...(tls ? { tls_cert_file: tls.certificateFile, tls_key_file: tls.keyFile } : { tls_disable: true }),
  };
  const configuration = {
    storage: await storageOf(files, options),
    listener: [{ tcp: listener }],
    api_addr: address,
    cluster_addr: `https://127.0.0.1:${Number(new URL(address).port) + 1}`,
    // OpenBao no longer has this field.
    ...(options.product === 'hashicorp' ? { disable_mlock: true } : {}),
  };
  return await writePrivate(folder, 'config.json', JSON.stringify(configuration, undefined, 2));
}

/** OpenBao has given up plain files; raft it has, here tuned to elect a leader at once. */
async function storageOf(
  { folder }: VaultFiles,
  { product, storage, node = 'sandbox' }: SandboxVaultOptions,
): Promise<object> {
  if (storage === undefined || storage === 'memory') return { inmem: {} };
  const path = await makeFolder(join(folder, 'data'));
  return product === 'openbao' || storage === 'raft'
    ? { raft: { path, node_id: node, performance_multiplier: '1' } }
    : { file: { path } };
}
