import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readRecord, type SandboxRecord, sandboxesFolder, writeRecord } from '../../src/sandbox/named/records.ts';
import { endProcess, isAlive, signalProcess } from '../../src/sandbox/processes/process-identity.ts';
import { type BundledProgram, bundleProgram, type Outcome, outcomeOf } from './bundled.ts';
import { temporaryFolder } from './scene.ts';

let program: BundledProgram;

beforeAll(async () => {
  program = await bundleProgram();
});

afterAll(() => program.remove());

interface Place {
  env: Record<string, string | undefined>;
  record(name: string): SandboxRecord;
}

/** A state folder of the test's own; whatever its records name is ended after the test. */
async function place(): Promise<Place> {
  const env = { ...process.env, VAULTBIND_STATE: await temporaryFolder() };
  const record = (name: string) => {
    const found = readRecord(name, env);
    if (!found) throw new Error(`no record of ${name}`);
    return found;
  };
  onTestFinished(async () => {
    const names = await readdir(sandboxesFolder(env)).catch((): string[] => []);
    const servers = names.filter((name) => !name.includes('.')).flatMap((name) => readRecord(name, env)?.servers ?? []);
    for (const server of servers.toReversed()) await endProcess(server);
  });
  return { env, record };
}

function start(words: string, { env }: Place): ChildProcess {
  return program.start(['sandbox', ...words.split(' ')], { env });
}

function sandbox(words: string, at: Place): Promise<Outcome> {
  return outcomeOf(start(words, at));
}

describe('vaultbind sandbox', { timeout: 240_000 }, () => {
  test('up outlives its command, says the same again, and down ends all of it', async () => {
    const at = await place();
    const up = await sandbox('up', at);
    expect(up).toMatchObject({ exit: 0, stderr: expect.stringContaining('Starting OpenBao, Kubernetes') });
    expect(up.stdout).toMatch(/^export VAULT_ADDR='http:.*'\nexport VAULT_TOKEN='s\..*'\nexport KUBECONFIG='.*'\n$/);
    const { environment, servers } = at.record('default');
    const headers = { 'x-vault-token': environment['VAULT_TOKEN'] ?? '' };
    const secret = await request(`${environment['VAULT_ADDR']}/v1/secret/data/myapp/config`, { headers });
    expect(await secret.body.json()).toMatchObject({
      data: { data: { aws_access_key_id: 'example-access-key', aws_secret_access_key: 'example-secret-key' } },
    });
    const told = expect.stringContaining(`bao runs at ${environment['VAULT_ADDR']}`);
    expect(await sandbox('up', at)).toEqual({ exit: 0, stdout: up.stdout, stderr: told });
    expect(up.stderr).toMatch(/next: +vaultbind init\nend: +eval "\$\(vaultbind sandbox down\)"\n$/);
    expect(await sandbox('env', at)).toEqual({ exit: 0, stdout: up.stdout, stderr: '' });
    expect(await sandbox('up --vault hashicorp', at)).toMatchObject({ exit: 3, stdout: '' });
    const status = await sandbox('status', at);
    expect(status).toMatchObject({ exit: 0, stdout: expect.stringContaining('default: running') });
    const listed = await sandbox('status -o json', at);
    expect(JSON.parse(listed.stdout)).toMatchObject({ ok: true, sandboxes: [{ name: 'default', health: 'running' }] });
    expect(status.stdout + listed.stdout).not.toContain(environment['VAULT_TOKEN']);
    expect(await sandbox('down', at)).toMatchObject({ exit: 0, stderr: 'default: ended\n' });
    expect(servers.map(({ name }) => name)).toEqual(['bao', 'etcd', 'kube-apiserver', 'kube-controller-manager']);
    expect(servers.filter(isAlive)).toEqual([]);
    expect(await readdir(sandboxesFolder(at.env))).toEqual([]);
    expect(await sandbox('status', at)).toMatchObject({ exit: 0, stdout: 'no sandbox\n' });
    const none = { schema_version: 1, command: 'sandbox status', ok: true, sandboxes: [] };
    expect(JSON.parse((await sandbox('status -o json', at)).stdout)).toEqual(none);
    expect(await sandbox('env', at)).toMatchObject({ exit: 3, stderr: expect.stringContaining('sandbox-missing') });
  });

  test('two at once do not collide, though both are asked for twice at the same time', async () => {
    const at = await place();
    const words = ['up --name one', 'up --name two --vault hashicorp --tls --nodes 3', 'up --name one'];
    const [one, two, again] = await Promise.all(words.map((each) => sandbox(each, at)));
    expect([one?.exit, two?.exit, again?.exit]).toEqual([0, 0, 0]);
    expect(again?.stdout).toBe(one?.stdout);
    expect(two?.stdout).toMatch(/VAULT_ADDR='https:.*\n.*\nexport VAULT_CACERT='/);
    const status = JSON.parse((await sandbox('status -o json', at)).stdout);
    expect(status.sandboxes).toMatchObject([
      { name: 'one', health: 'running', vault: 'openbao', tls: false, nodes: 1 },
      { name: 'two', health: 'running', vault: 'hashicorp', tls: true, nodes: 3 },
    ]);
    const servers = [...at.record('one').servers, ...at.record('two').servers];
    expect(servers).toHaveLength(10);
    expect((await sandbox('down --all', at)).exit).toBe(0);
    expect(servers.filter(isAlive)).toEqual([]);
  });

  test('up clears away what is half dead and starts anew', async () => {
    const at = await place();
    expect((await sandbox('up --vault none', at)).exit).toBe(0);
    const before = at.record('default');
    for (const server of before.servers) if (server.name === 'etcd') signalProcess(server, 'SIGKILL');
    expect(await sandbox('status', at)).toMatchObject({ exit: 1, stdout: expect.stringContaining('half dead') });
    expect((await sandbox('env', at)).exit).toBe(3);
    const up = await sandbox('up --vault none', at);
    expect(up).toMatchObject({ exit: 0, stderr: expect.stringContaining('half dead: clearing it away') });
    expect(before.servers.filter(isAlive)).toEqual([]);
    expect(at.record('default').servers.every(isAlive)).toBe(true);
    expect(at.record('default').addresses).toEqual(before.addresses);
    expect((await sandbox('down', at)).exit).toBe(0);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s while it starts leaves no process and no state', async (signal) => {
    const at = await place();
    const child = start('up', at);
    const read = () => readRecord('default', at.env)?.servers.map(({ name }) => name);
    await expect.poll(read, { timeout: 60_000 }).toContain('kube-apiserver');
    const seen = at.record('default').servers;
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(seen.filter(isAlive)).toEqual([]);
    expect(await readdir(sandboxesFolder(at.env))).toEqual([]);
  });

  test('what an up that was killed had started is found and ended', async () => {
    const at = await place();
    const child = start('up --vault none', at);
    const read = () => readRecord('default', at.env)?.servers.map(({ name }) => name);
    await expect.poll(read, { timeout: 60_000 }).toContain('etcd');
    child.kill('SIGKILL');
    await once(child, 'close');
    const { servers } = at.record('default');
    expect(await sandbox('down', at)).toMatchObject({ exit: 0, stderr: 'default: ended\n' });
    expect(servers.filter(isAlive)).toEqual([]);
  });

  test('one that is named and is not there is an error, and none at all is nothing to end', async () => {
    const at = await place();
    expect(await sandbox('down --name zzz', at)).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('there is no sandbox zzz'),
    });
    expect((await sandbox('down', at)).exit).toBe(0);
  });

  test('a process that merely got the id of one of its servers is not ended', async () => {
    const at = await place();
    expect((await sandbox('up --vault none', at)).exit).toBe(0);
    const record = at.record('default');
    const mine = { name: 'bao', pid: process.pid, started: 'long ago', log: '/nowhere' };
    writeRecord({ ...record, servers: [...record.servers, mine] }, at.env);
    expect((await sandbox('down', at)).exit).toBe(0);
    expect(record.servers.filter(isAlive)).toEqual([]);
  });
});
