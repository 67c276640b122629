import { mkdir } from 'node:fs/promises';
import { InputError } from '../../errors.ts';
import { vaultbind } from '../../model/commands.ts';
import { prepareArticle } from '../article.ts';
import type { SandboxContext } from '../options.ts';
import { endProcess, isAlive } from '../processes/process-identity.ts';
import { withLock } from '../programs/lock.ts';
import { type Sandbox, startSandbox } from '../sandbox.ts';
import { portsOf } from './ports.ts';
import {
  readRecord,
  removeRecord,
  type SandboxRecord,
  sandboxesFolder,
  sandboxFolder,
  writeRecord,
} from './records.ts';

export interface UpOptions {
  name: string;
  /** Absent: openbao for a new one; whatever a running one has. */
  vault?: SandboxRecord['vault'];
  /** Absent: false for a new one; whatever a running one has. */
  tls?: boolean;
  /** Absent: one for a new one; whatever a running one has. */
  nodes?: number;
}

/** Running and complete, half dead, or not there. */
export type SandboxHealth = 'running' | 'broken';

export function sandboxHealth(record: SandboxRecord): SandboxHealth {
  return record.state === 'running' && record.servers.every(isAlive) ? 'running' : 'broken';
}

/** The sandbox of that name, started when it does not run; what is left of a half-dead one is cleared away first. */
export async function bringUp(options: UpOptions, context: SandboxContext): Promise<SandboxRecord> {
  return await locked(options.name, context, async () => {
    const existing = readRecord(options.name, context.env);
    if (existing && sandboxHealth(existing) === 'running') return sameKind(existing, options);
    if (existing) {
      context.progress.say(`The sandbox ${options.name} is half dead: clearing it away.`);
      await clear(existing, context);
    }
    return await startNew(options, context);
  });
}

/** What it was; undefined when there was none. */
export async function takeDown(name: string, context: SandboxContext): Promise<SandboxRecord | undefined> {
  sandboxFolder(name, context.env);
  return await locked(name, context, async () => {
    const record = readRecord(name, context.env);
    if (record) await clear(record, context);
    await removeRecord(name, context.env);
    return record;
  });
}

async function startNew(options: UpOptions, context: SandboxContext): Promise<SandboxRecord> {
  const { name, vault = 'openbao', tls = false, nodes = 1 } = options;
  const created = new Date().toISOString();
  const record: SandboxRecord = {
    ...{ name, created, vault, tls, nodes, state: 'starting' },
    ...{ servers: [], environment: {}, addresses: {} },
  };
  writeRecord(record, context.env);
  const inner: SandboxContext = {
    ...context,
    detached: true,
    ports: portsOf(name, context.env),
    onProcess: ({ name, pid, started, log }) => {
      record.servers.push({ name, pid, started, log });
      writeRecord(record, context.env);
    },
  };
  try {
    const folder = sandboxFolder(name, context.env);
    const sandbox = await startSandbox({ folder, products: vault === 'none' ? [] : [vault], tls, nodes }, inner);
    await prepareArticle(sandbox);
    const complete = completed(record, sandbox);
    writeRecord(complete, context.env);
    return complete;
  } catch (error) {
    await clear(record, context);
    throw error;
  }
}

/** Servers that gave up a taken port are no part of it. */
function completed(record: SandboxRecord, { kubernetes, vaults, environment }: Sandbox): SandboxRecord {
  const addresses = vaults.map((each) => [each.process().name, each.address]);
  return {
    ...record,
    state: 'running',
    servers: record.servers.filter(isAlive),
    environment: environment(),
    addresses: { ...Object.fromEntries(addresses), 'kube-apiserver': kubernetes.server, etcd: kubernetes.etcd },
  };
}

async function clear(record: SandboxRecord, context: SandboxContext): Promise<void> {
  for (const server of record.servers.toReversed()) await endProcess(server);
  await removeRecord(record.name, context.env);
}

function sameKind(existing: SandboxRecord, { name, vault, tls, nodes }: UpOptions): SandboxRecord {
  const { vault: product, tls: https, nodes: count } = existing;
  const as = <T>(wanted: T | undefined, running: T) => wanted === undefined || wanted === running;
  if (as(vault, product) && as(tls, https) && as(nodes, count)) return existing;
  const more = `${https ? ' --tls' : ''}${count > 1 ? ` --nodes ${count}` : ''}`;
  const message = `the sandbox ${name} runs with --vault ${product}${more}`;
  const fix = [
    { why: 'stop it first', command: vaultbind('sandbox down', { name }) },
    { why: 'or give the new one another name', command: vaultbind('sandbox up', { name: 'other' }) },
  ];
  throw new InputError({ code: 'usage', subject: name, message, fix });
}

async function locked<T>(name: string, context: SandboxContext, work: () => Promise<T>): Promise<T> {
  await mkdir(sandboxesFolder(context.env), { recursive: true, mode: 0o700 });
  const path = `${sandboxFolder(name, context.env)}.lock`;
  return await withLock(path, `another command is busy with the sandbox ${name}`, context, work);
}
