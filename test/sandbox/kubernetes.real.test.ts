import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { asking } from '../../src/sandbox/processes/ask.ts';
import { PortTakenError, startProcess, untilReady } from '../../src/sandbox/processes/process.ts';
import { isAlive } from '../../src/sandbox/processes/process-identity.ts';
import type { ServerProcess } from '../../src/sandbox/processes/server-process.ts';
import { findPrograms } from '../../src/sandbox/programs/find.ts';
import { kubernetesPrograms, openbao } from '../../src/sandbox/programs/programs.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import type { Certificate } from '../../src/sandbox/servers/certificates.ts';
import { type KubernetesServer, startKubernetes } from '../../src/sandbox/servers/kubernetes.ts';
import { apiServerArguments, etcdArguments } from '../../src/sandbox/servers/kubernetes-commands.ts';
import { writeKubernetesFiles } from '../../src/sandbox/servers/kubernetes-files.ts';
import { writeConfiguration, writeVaultFiles } from '../../src/sandbox/servers/vault-files.ts';
import { readCa } from '../../src/trust/read-ca.ts';
import { contextOf, endAfterTest, script, temporaryFolder } from './scene.ts';

async function start(): Promise<KubernetesServer> {
  const server = await startKubernetes({ folder: await temporaryFolder() }, contextOf(process.env));
  endAfterTest(() => server.processes());
  return server;
}

async function statusAs(server: KubernetesServer, client: Certificate, path: string): Promise<number> {
  const tls = { ca: readCa(server.ca), cert: client.certificate, key: client.key };
  return await asking({ url: server.server, tls }, async (ask) => (await ask('GET', path)).status);
}

/** Addresses (in hexadecimal, as the kernel shows them) on which a process accepts connections. */
function listensOn({ pid }: ServerProcess): string[] {
  const lines = ['tcp', 'tcp6'].flatMap((each) =>
    readFileSync(`/proc/${pid}/net/${each}`, 'utf8').split('\n').slice(1),
  );
  const listening = lines.map((line) => line.trim().split(/\s+/)).filter((fields) => fields[3] === '0A');
  const inodes = socketsOf(pid);
  return listening.filter((fields) => inodes.has(fields[9] ?? '')).map((fields) => fields[1]?.split(':')[0] ?? '');
}

function socketsOf(pid: number): Set<string> {
  const targets = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}

describe('a Kubernetes control plane', () => {
  test('stands beside another, listens on loopback alone, and leaves no process', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(one.server).not.toBe(two.server);
    expect(one.version).toBe(`v${kubernetesPrograms.version}`);
    expect(await statusAs(one, one.admin, '/api/v1/namespaces')).toBe(200);
    expect(await statusAs(two, one.admin, '/api/v1/namespaces')).toBe(401);
    for (const each of one.processes()) {
      const addresses = listensOn(each);
      expect(addresses.every((address) => address === '0100007F')).toBe(true);
      expect(addresses.length > 0).toBe(each.name !== 'kube-controller-manager');
    }
    await Promise.all([one.stop(), two.stop()]);
    expect([...one.processes(), ...two.processes()].filter(isAlive)).toEqual([]);
  });

  test('fills token Secrets, knows users by certificate, and refuses one expired', async () => {
    const server = await start();
    const reader = await server.authority.issue({ use: 'client', commonName: 'nobody' });
    const expired = await server.authority.issue({
      ...{ use: 'client', commonName: 'admin', organizations: ['system:masters'] },
      notAfter: new Date(Date.now() - 1000),
    });
    expect(await statusAs(server, reader, '/api/v1/namespaces')).toBe(403);
    expect(await statusAs(server, expired, '/api/v1/namespaces')).toBe(401);
    const path = '/api/v1/namespaces/default/secrets';
    const metadata = { name: 't', annotations: { 'kubernetes.io/service-account.name': 'default' } };
    const tls = { ca: readCa(server.ca), cert: server.admin.certificate, key: server.admin.key };
    await asking({ url: server.server, tls }, async (ask) => {
      const secret = { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token', metadata };
      expect((await ask('POST', path, secret)).status).toBe(201);
      await expect.poll(async () => (await ask('GET', `${path}/t`)).body).toHaveProperty('data.token');
    });
  });

  test('comes back after a crash of one part, with its data', async () => {
    const server = await start();
    await server.kill('kube-apiserver');
    expect(await statusAs(server, server.admin, '/readyz')).toBe(0);
    await server.restart(['--service-account-max-token-expiration=2h']);
    expect(await statusAs(server, server.admin, '/api/v1/namespaces/default/serviceaccounts/default')).toBe(200);
  });
});

describe('a port taken by another', () => {
  test.each(['etcd', 'kube-apiserver', 'bao'] as const)('is understood from what %s says', async (name) => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const context = contextOf(process.env);
    const folder = await temporaryFolder();
    const program = (await findPrograms(name === 'bao' ? openbao : kubernetesPrograms, context)).get(name) ?? '';
    const files = await writeKubernetesFiles(join(folder, 'files'));
    const vaultFiles = await writeVaultFiles({ product: 'openbao', folder });
    const ports = { apiServer: port, etcd: port, etcdPeer: port };
    const args = {
      etcd: etcdArguments(files, ports),
      'kube-apiserver': apiServerArguments(files, ports, []),
      bao: [
        'server',
        `-config=${await writeConfiguration(vaultFiles, { product: 'openbao', folder }, `http://127.0.0.1:${port}`)}`,
      ],
    }[name];
    const started = startProcess({ name, program, args, folder }, context);
    const ready = started.then((process) => untilReady(process, async () => false));
    await expect(ready).rejects.toBeInstanceOf(PortTakenError);
  });
});

describe('a sandbox', () => {
  test('of which one part cannot start leaves no process of the others', async () => {
    const folder = await temporaryFolder();
    await script(join(folder, 'bin'), 'bao', '/bin/sleep 2; echo "no such storage"; exit 1');
    const seen: ServerProcess[] = [];
    const env = { ...process.env, PATH: `${folder}/bin:${process.env['PATH']}` };
    const context = { ...contextOf(env), onProcess: (each: ServerProcess) => void seen.push(each) };
    endAfterTest(() => seen);
    const started = startSandbox({ folder: join(folder, 'set'), products: ['openbao'] }, context);
    await expect(started).rejects.toMatchObject({
      problems: [{ message: expect.stringContaining('no such storage') }],
    });
    expect(seen.map((each) => each.name)).toContain('etcd');
    expect(seen.filter(isAlive)).toEqual([]);
  });

  test('interrupted while it starts leaves no process', async () => {
    const stop = new AbortController();
    const seen: ServerProcess[] = [];
    const onProcess = (each: ServerProcess) => {
      seen.push(each);
      if (each.name === 'kube-apiserver') setTimeout(() => stop.abort(), 300);
    };
    endAfterTest(() => seen);
    const context = { ...contextOf(process.env, stop.signal), onProcess };
    const started = startSandbox({ folder: await temporaryFolder(), products: ['openbao', 'hashicorp'] }, context);
    await expect(started).rejects.toMatchObject({ exit: 130, code: 'interrupted' });
    expect(seen.map((each) => each.name).sort()).toEqual(['bao', 'etcd', 'kube-apiserver', 'vault']);
    expect(seen.filter(isAlive)).toEqual([]);
  });
});
