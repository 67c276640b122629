import { Secret } from '../../secret.ts';
import { readCa } from '../../trust/read-ca.ts';
import type { SandboxContext } from '../options.ts';
import { type AskServer, asking } from '../processes/ask.ts';
import { onOwnPorts } from '../processes/ports.ts';
import { endServer, killServer, startProcess, untilReady } from '../processes/process.ts';
import type { ServerProcess } from '../processes/server-process.ts';
import { findPrograms } from '../programs/find.ts';
import { hashicorpVault, openbao, type ProgramName, type ProgramPackage } from '../programs/programs.ts';
import { type VaultFiles, writeConfiguration, writeVaultFiles } from './vault-files.ts';
import {
  initialize,
  isActive,
  joinCluster,
  mountSecretsEngine,
  readVersion,
  seal,
  stepDown,
  unseal,
  unsealNode,
  untilAllVote,
  type VaultKeys,
  voteSoon,
} from './vault-operator.ts';
import type { SandboxVaultOptions, VaultProduct } from './vault-options.ts';

export interface SandboxVault {
  product: VaultProduct;
  /** As Vault reports it, e.g. 1.21.0. */
  version: string;
  /** http(s)://127.0.0.1:port */
  address: string;
  /** PEM, and its file, of the authority that signed the certificate; undefined without tls. */
  ca?: string;
  caFile?: string;
  /** Root token; empty until initialised. */
  readonly token: Secret;
  /** The one unseal key; empty until initialised. */
  readonly unsealKey: Secret;
  /** VAULT_ADDR, VAULT_TOKEN, VAULT_CACERT: what a program needs to use it. Holds the token in clear. */
  environment(): Record<string, string>;
  process(): ServerProcess;
  /** Initialises and unseals an uninitialised one, and mounts secret/. */
  initialize(): Promise<void>;
  /** Makes an uninitialised node with raft storage one of the cluster of `leader`, and unseals it. */
  join(leader: SandboxVault): Promise<void>;
  /** Of the leader of a cluster: resolves when so many nodes have a vote, so that it may be lost. */
  untilAllVote(nodes: number): Promise<void>;
  /** Whether it is the node that writes; false also when it does not answer. */
  isActive(): Promise<boolean>;
  /** Another node becomes the active one. */
  stepDown(): Promise<void>;
  seal(): Promise<void>;
  unseal(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again at the same address: sealed (storage on disk) or uninitialised. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export const vaultPrograms: Record<VaultProduct, { name: ProgramName; from: ProgramPackage }> = {
  openbao: { name: 'bao', from: openbao },
  hashicorp: { name: 'vault', from: hashicorpVault },
};

interface Running {
  address: string;
  files: VaultFiles;
  keys: VaultKeys;
  launch: () => Promise<ServerProcess>;
  process: ServerProcess;
}

/** @throws InputError tool-missing; SystemError build-failed, server-failed; InterruptedError. */
export async function startVault(options: SandboxVaultOptions, context: SandboxContext): Promise<SandboxVault> {
  const { name, from } = vaultPrograms[options.product];
  const program = (await findPrograms(from, context)).get(name) ?? name;
  const files = await writeVaultFiles(options);
  return await onOwnPorts(nameOf(name, options), 2, context, async ([port]) => {
    const address = `${files.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
    const config = await writeConfiguration(files, options, address);
    const command = {
      name: nameOf(name, options),
      program,
      args: ['server', `-config=${config}`],
      folder: files.folder,
    };
    const launch = async () => {
      const started = await startProcess(command, context);
      await untilReady(started, () => isListening(address, files), context.signal);
      return started;
    };
    const keys = { token: new Secret(''), unsealKey: new Secret('') };
    const running: Running = { address, files, keys, launch, process: await launch() };
    return await prepare(running, options);
  });
}

function nameOf(name: ProgramName, { node }: SandboxVaultOptions): string {
  return node === undefined ? name : `${name}-${node}`;
}

async function prepare(running: Running, options: SandboxVaultOptions): Promise<SandboxVault> {
  const server = describe(running, options);
  try {
    if (options.state !== 'uninitialized') await server.initialize();
    server.version = await ask(running, readVersion);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function describe(running: Running, { product, node }: SandboxVaultOptions): SandboxVault {
  const { address, files } = running;
  return {
    product,
    version: '',
    address,
    ...(files.tls ? { ca: files.tls.ca, caFile: files.tls.caFile } : {}),
    get token() {
      return running.keys.token;
    },
    get unsealKey() {
      return running.keys.unsealKey;
    },
    environment: () => ({
      VAULT_ADDR: address,
      VAULT_TOKEN: running.keys.token.reveal(),
      ...(files.tls ? { VAULT_CACERT: files.tls.caFile } : {}),
    }),
    process: () => running.process,
    initialize: async () => {
      running.keys = await ask(running, initialize);
      await ask(running, (to) => unseal(to, running.keys.unsealKey));
      await ask(running, mountSecretsEngine);
      if (node !== undefined) await ask(running, voteSoon);
    },
    join: async (leader) => {
      await ask(running, (to) => joinCluster(to, leader));
      running.keys = { token: leader.token, unsealKey: leader.unsealKey };
      await ask(running, (to) => unsealNode(to, running.keys.unsealKey));
    },
    untilAllVote: (nodes) => ask(running, (to) => untilAllVote(to, nodes)),
    isActive: () => ask(running, isActive),
    stepDown: () => ask(running, stepDown),
    seal: () => ask(running, seal),
    unseal: () => ask(running, (to) => (node === undefined ? unseal : unsealNode)(to, running.keys.unsealKey)),
    kill: () => killServer(running.process),
    restart: async () => {
      await endServer(running.process);
      running.process = await running.launch();
    },
    stop: () => endServer(running.process),
  };
}

async function isListening(address: string, files: VaultFiles): Promise<boolean> {
  const tls = files.tls ? { tls: { ca: readCa(files.tls.ca) } } : {};
  return await asking({ url: address, ...tls }, async (to) => (await to('GET', '/v1/sys/health')).status !== 0);
}

function ask<T>({ address, files, keys }: Running, work: (ask: AskServer) => Promise<T>): Promise<T> {
  const headers: Record<string, string> = keys.token.empty ? {} : { 'x-vault-token': keys.token.reveal() };
  return asking({ url: address, headers, ...(files.tls ? { tls: { ca: readCa(files.tls.ca) } } : {}) }, work);
}
