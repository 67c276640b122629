import { setTimeout as sleep } from 'node:timers/promises';
import { SystemError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { type Ask, asking } from './ask.ts';
import { createAuthority } from './certificates.ts';
import { findPrograms } from './find.ts';
import { makeFolder, writePrivate } from './folder.ts';
import type { SandboxContext } from './options.ts';
import { onFreePorts } from './ports.ts';
import { type ServerProcess, startProcess, untilReady } from './process.ts';
import { endProcess, signalProcess } from './process-identity.ts';
import { hashicorpVault, openbao } from './programs.ts';

export type VaultProduct = 'openbao' | 'hashicorp';

export interface VaultOptions {
  product: VaultProduct;
  /** Configuration, log, certificates and data; made when missing. */
  folder: string;
  /** Serve https with a certificate of an own authority. Default false. */
  tls?: boolean;
  /** `ready`: initialised, unsealed, KV version 2 at secret/, as with `-dev`. Default ready. */
  state?: 'ready' | 'uninitialized';
  /** `file` keeps its data over a restart. Default inmem. */
  storage?: 'inmem' | 'file';
}

export interface VaultServer {
  product: VaultProduct;
  /** As Vault reports it, e.g. 1.21.0. */
  version: string;
  /** http(s)://127.0.0.1:port */
  address: string;
  /** PEM file of the authority that signed the certificate; undefined without tls. */
  caFile?: string;
  ca?: string;
  /** Root token; empty until initialised. */
  token: Secret;
  /** The one unseal key; empty until initialised. */
  unsealKey: Secret;
  /** VAULT_ADDR, VAULT_TOKEN, VAULT_CACERT: what a program needs to use it. Holds the token in clear. */
  environment(): Record<string, string>;
  process(): ServerProcess;
  /** Initialises and unseals an uninitialised one, and mounts secret/. */
  initialize(): Promise<void>;
  seal(): Promise<void>;
  unseal(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again at the same address, sealed (file storage) or uninitialised (inmem). */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface Files {
  folder: string;
  program: string;
  tls?: { ca: string; caFile: string; certificateFile: string; keyFile: string };
}

export async function startVault(options: VaultOptions, context: SandboxContext): Promise<VaultServer> {
  const wanted = options.product === 'openbao' ? openbao : hashicorpVault;
  const name = options.product === 'openbao' ? 'bao' : 'vault';
  const programs = await findPrograms(wanted, context);
  const folder = await makeFolder(options.folder);
  const files: Files = { folder, program: programs.get(name) ?? name };
  if (options.tls) files.tls = await writeCertificates(folder);
  return onFreePorts(2, ([port = 0]) => startOn(port, options, files, context));
}

async function startOn(
  port: number,
  options: VaultOptions,
  files: Files,
  context: SandboxContext,
): Promise<VaultServer> {
  const address = `${files.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const name = options.product === 'openbao' ? 'bao' : 'vault';
  const config = await writePrivate(files.folder, 'config.json', configuration(port, address, options, files));
  const launch = async () => {
    const command = { name, program: files.program, args: ['server', `-config=${config}`], folder: files.folder };
    const started = await startProcess(command, context);
    try {
      await untilReady(
        started,
        () => ask(async (to) => (await to('GET', '/v1/sys/health')).status !== 0),
        context.signal,
      );
    } catch (error) {
      await endProcess(started);
      throw error;
    }
    return started;
  };
  const ask = <T>(work: (ask: Ask) => Promise<T>) => asking(reach(server), work);
  const server: VaultServer & { current?: ServerProcess } = {
    product: options.product,
    version: '',
    address,
    ...(files.tls ? { caFile: files.tls.caFile, ca: files.tls.ca } : {}),
    token: new Secret(''),
    unsealKey: new Secret(''),
    environment: () => environmentOf(server),
    process: () => current,
    initialize: () => ask((to) => initialize(server, to)),
    seal: () => ask(async (to) => expectOk('seal', await to('PUT', '/v1/sys/seal'))),
    unseal: () => ask((to) => unseal(server, to)),
    kill: async () => {
      signalProcess(current, 'SIGKILL');
      await endProcess(current);
    },
    restart: async () => {
      await endProcess(current);
      current = await launch();
    },
    stop: () => endProcess(current),
  };
  let current = await launch();
  try {
    if (options.state !== 'uninitialized') await server.initialize();
    const health = await ask((to) => to('GET', '/v1/sys/health'));
    server.version = String((health.body as { version?: string } | undefined)?.version ?? '');
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function configuration(port: number, address: string, options: VaultOptions, files: Files): string {
  const { tls } = files;
  const listener = {
    address: `127.0.0.1:${port}`,
    ...(tls ? { tls_cert_file: tls.certificateFile, tls_key_file: tls.keyFile } : { tls_disable: true }),
  };
  return JSON.stringify({
    storage: options.storage === 'file' ? { file: { path: `${files.folder}/data` } } : { inmem: {} },
    listener: [{ tcp: listener }],
    api_addr: address,
    // OpenBao has no such field any more and only says so in its log.
    ...(options.product === 'hashicorp' ? { disable_mlock: true } : {}),
  });
}

async function writeCertificates(folder: string): Promise<NonNullable<Files['tls']>> {
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

function reach(server: VaultServer) {
  const headers: Record<string, string> = server.token.empty ? {} : { 'x-vault-token': server.token.reveal() };
  return { url: server.address, headers, ...(server.ca ? { tls: { ca: server.ca } } : {}) };
}

async function initialize(server: VaultServer, ask: Ask): Promise<void> {
  const answer = await ask('PUT', '/v1/sys/init', { secret_shares: 1, secret_threshold: 1 });
  expectOk('initialise', answer);
  const { keys, root_token } = answer.body as { keys: string[]; root_token: string };
  server.unsealKey = new Secret(keys[0] ?? '');
  server.token = new Secret(root_token);
  await server.unseal();
  await asking(reach(server), mountSecret);
}

async function unseal(server: VaultServer, ask: Ask): Promise<void> {
  expectOk('unseal', await ask('PUT', '/v1/sys/unseal', { key: server.unsealKey.reveal() }));
  for (let round = 0; round < 200; round++) {
    if ((await ask('GET', '/v1/sys/health')).status === 200) return;
    await sleep(25);
  }
  throw refused('unseal', 0);
}

/** A fresh KV version 2 answers 400 while it sets itself up. */
async function mountSecret(ask: Ask): Promise<void> {
  expectOk('mount', await ask('POST', '/v1/sys/mounts/secret', { type: 'kv', options: { version: '2' } }));
  for (let round = 0; round < 200; round++) {
    if ((await ask('GET', '/v1/secret/config')).status === 200) return;
    await sleep(25);
  }
  throw refused('mount', 0);
}

function environmentOf(server: VaultServer): Record<string, string> {
  return {
    VAULT_ADDR: server.address,
    VAULT_TOKEN: server.token.reveal(),
    ...(server.caFile ? { VAULT_CACERT: server.caFile } : {}),
  };
}

function expectOk(what: string, answer: { status: number }): void {
  if (answer.status < 200 || answer.status > 299) throw refused(what, answer.status);
}

function refused(what: string, status: number): SystemError {
  const message = `the Vault just started could not ${what} (status ${status})`;
  return new SystemError({ code: 'server-failed', subject: 'vault', message });
}
