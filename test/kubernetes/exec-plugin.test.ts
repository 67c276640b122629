import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ConnectOptions, readKubernetesConnection } from '../../src/kubernetes/connect.ts';
import type { KubernetesConnection } from '../../src/kubernetes/connection.ts';
import { errorOf, folderWith, kubeconfig } from './folder.ts';

const v1 = 'client.authentication.k8s.io/v1';
const cluster = { server: 'https://10.0.0.1:6443', 'tls-server-name': 'api.test' };

/** A kubeconfig whose plugin is this shell script, called with its own folder as the first argument. */
async function withPlugin(script: string, exec: object = {}, options: ConnectOptions = {}) {
  const folder = await folderWith({ 'bin/plugin.sh': `#!/bin/sh\n${script}\n` });
  const plugin = { command: './bin/plugin.sh', args: [folder], apiVersion: v1, interactiveMode: 'Never', ...exec };
  await writeFile(join(folder, 'config'), JSON.stringify(kubeconfig(cluster, { exec: plugin })));
  const connection = await readKubernetesConnection(
    { PATH: process.env['PATH'] },
    { kubeconfig: join(folder, 'config') },
    options,
  );
  return { folder, connection };
}

function credential(status: object, apiVersion = v1): string {
  return `echo '${JSON.stringify({ apiVersion, kind: 'ExecCredential', status })}'`;
}

async function token(connection: KubernetesConnection): Promise<string | undefined> {
  return (await connection.credentials.current()).token?.reveal();
}

describe('a credential plugin', () => {
  it('is told its version, the cluster and that it may not ask; its stdin is closed', async () => {
    const script = `cat > "$1/stdin"; printf %s "$KUBERNETES_EXEC_INFO" > "$1/info"; printf %s "$EXTRA" > "$1/extra"; ${credential({ token: 'token-of-the-plugin' })}`;
    const { folder, connection } = await withPlugin(script, {
      provideClusterInfo: true,
      env: [{ name: 'EXTRA', value: 'more' }],
    });
    expect(await token(connection)).toBe('token-of-the-plugin');
    expect(JSON.parse(await readFile(join(folder, 'info'), 'utf8'))).toEqual({
      apiVersion: v1,
      kind: 'ExecCredential',
      spec: { cluster: { ...cluster, config: null }, interactive: false },
    });
    expect(await readFile(join(folder, 'stdin'), 'utf8')).toBe('');
    expect(await readFile(join(folder, 'extra'), 'utf8')).toBe('more');
  });

  it('runs once for requests at the same time, and again when its credentials have ended', async () => {
    const script = `echo x >> "$1/runs"; ${credential({ token: 'token-of-the-plugin', expirationTimestamp: '2020-01-01T00:00:00Z' })}`;
    const { folder, connection } = await withPlugin(script);
    await Promise.all([token(connection), token(connection), token(connection)]);
    expect(await readFile(join(folder, 'runs'), 'utf8')).toBe('x\n');
    await token(connection);
    expect(await readFile(join(folder, 'runs'), 'utf8')).toBe('x\nx\n');
  });

  it('runs again for credentials that were refused, once for all who were refused them', async () => {
    const script = `echo x >> "$1/runs"; ${credential({ token: 'token-of-the-plugin' })}`;
    const { folder, connection } = await withPlugin(script);
    const rejected = await connection.credentials.current();
    const renewed = await Promise.all([connection.credentials.renew(rejected), connection.credentials.renew(rejected)]);
    const late = await connection.credentials.renew(rejected);
    expect(renewed[0]).not.toBe(rejected);
    expect([renewed[1], late]).toEqual([renewed[0], renewed[0]]);
    expect(await readFile(join(folder, 'runs'), 'utf8')).toBe('x\nx\n');
  });

  it('may be of v1beta1, without interactiveMode, and answer in YAML', async () => {
    const beta = 'client.authentication.k8s.io/v1beta1';
    const script = `printf 'apiVersion: ${beta}\\nkind: ExecCredential\\nstatus:\\n  token: token-of-the-plugin\\n'`;
    const { connection } = await withPlugin(script, { apiVersion: beta, interactiveMode: undefined });
    expect(await token(connection)).toBe('token-of-the-plugin');
  });

  it('is heard while it runs, without control sequences and secrets', async () => {
    const heard: string[] = [];
    const script = `printf 'open \\033[31mhttps://login.test\\n' >&2; ${credential({ token: 'token-of-the-plugin' })}`;
    const { connection } = await withPlugin(script, {}, { notice: (line) => heard.push(line) });
    await token(connection);
    expect(heard).toEqual(['open [31mhttps://login.test']);
  });

  it.each<[string, string, object, string]>([
    ['ends badly', 'echo "login as eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl" >&2; exit 3', {}, 'ended with exit code 3'],
    ['prints nothing of use', 'echo eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl', {}, 'did not print an ExecCredential'],
    ['prints broken YAML', 'echo "{token: eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl"', {}, 'did not print an ExecCredential'],
    [
      'answers in another version',
      credential({ token: 'token-of-the-plugin' }, 'client.authentication.k8s.io/v1beta1'),
      {},
      'answered in client.authentication.k8s.io/v1beta1',
    ],
    ['has no credentials', credential({}), {}, 'returned neither token nor certificate'],
    ['has half a certificate', credential({ clientCertificateData: 'x' }), {}, 'a certificate without its key'],
    [
      'has a certificate that is none',
      credential({ clientCertificateData: 'x', clientKeyData: 'y' }),
      {},
      'returned a client certificate that is not PEM',
    ],
  ])('that %s is a clear error', async (_, script, exec, expected) => {
    const { connection } = await withPlugin(script, exec);
    const error = await errorOf(connection.credentials.current());
    expect(error).toMatchObject({ exit: 4, code: 'kubernetes-plugin-failed' });
    expect(error.message).toContain(expected);
    expect(JSON.stringify(error.problems) + String(error.stack)).not.toMatch(/eyJ|token-of-the-plugin/);
  });

  it('that is not installed shows its install hint', async () => {
    const { connection } = await withPlugin('', {
      command: 'vaultbind-no-such-plugin',
      installHint: 'get it at https://plugin.test',
    });
    const error = await errorOf(connection.credentials.current());
    expect(error.message).toContain('is not installed, or not in PATH');
    expect(error.problems[0]?.fix?.[0]?.why).toBe('get it at https://plugin.test');
  });

  it('that hangs is ended', async () => {
    const { connection } = await withPlugin('exec sleep 600', {}, { pluginTimeout: 200 });
    expect((await errorOf(connection.credentials.current())).message).toContain('gave no answer within 0.2 s');
  });

  it('ends with Ctrl-C', async () => {
    const controller = new AbortController();
    const options = { signal: controller.signal, notice: () => controller.abort() };
    const { connection } = await withPlugin('echo ready >&2; exec sleep 600', {}, options);
    expect(await errorOf(connection.credentials.current())).toMatchObject({ exit: 130, code: 'interrupted' });
  });
});
