import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keys } from '../servers/conversation.ts';
import { kubernetes } from '../servers/raw.ts';
import { servers } from '../servers/servers.ts';
import { atPage, type Move, namesOf, take, type, which, who, wizardScene } from './play.ts';

const { bench, init: inTerminal, written } = wizardScene('openbao');

const init = (args: string[], moves: Move[], env: Record<string, string> = {}) => inTerminal(moves, { args, env });

describe('a recipe of somebody', () => {
  it('that lacks its half is asked for whose access and to what, and applied', async () => {
    const { auth } = bench().recipe();
    bench().write(JSON.stringify({ version: 1, auth: { path: auth['path'], reviewer: auth['reviewer'] } }));
    const { role, policy } = bench();
    const args = ['-f', 'recipe.yaml', '--write-only', '--role', role, '--policy', policy];
    const { exit, screen } = await init(args, [...who(bench()), ...which(bench()), atPage(''), ...take('yes')]);
    expect([exit, screen.includes('Which cluster')]).toEqual([0, false]);
    expect((await bench().cli('apply', '--yes', '-f', 'recipe.yaml')).exit).toBe(0);
  });

  it('with a mount of another type is asked for the mount alone; its comments stay', async () => {
    await bench().vault('POST', `sys/auth/other-${bench().mount}`, { type: 'userpass' });
    const recipe = { ...bench().recipe(), auth: { ...bench().recipe().auth, path: `other-${bench().mount}` } };
    bench().write(`# of the team\n${JSON.stringify(recipe, null, 1)}\n# the end\n`);
    const { exit, screen } = await init(
      ['-f', 'recipe.yaml', '--write-only'],
      [...type('mount path shall', bench().mount), ...take('yes')],
    );
    await bench().vault('DELETE', `sys/auth/other-${bench().mount}`);
    expect([exit, screen.match(/✔ /g)?.length]).toEqual([0, 2]);
    expect(written('recipe.yaml')).toMatch(/^# of the team\n[\s\S]*# the end\n$/);
    expect(written('recipe.yaml')).toContain(`"path": "${bench().mount}"`);
  });

  it('stays as it was after "no"', async () => {
    const { name: _name, ...recipe } = bench().recipe();
    bench().write(JSON.stringify(recipe));
    const before = written('recipe.yaml');
    const { exit } = await init(['-f', 'recipe.yaml'], [atPage(''), ['Write this', keys.down], ['❯ no', keys.enter]]);
    expect([exit, written('recipe.yaml')]).toEqual([130, before]);
  });

  it('that lacks nothing is asked nothing', async () => {
    bench().write(bench().recipe());
    const { exit, screen } = await init(['-f', 'recipe.yaml', '--write-only'], []);
    expect([exit, screen.includes('needs no change')]).toEqual([0, true]);
  });
});

describe('a file that cannot be made', () => {
  it('costs no answer: another is asked for', async () => {
    bench().write('', 'file');
    const { exit } = await init(
      ['-f', 'file/app.yaml', '--write-only', ...namesOf(bench())],
      [...who(bench()), ...which(bench()), atPage(''), ['Write the recipe to which file', keys.enter]],
    );
    expect([exit, written('app.yaml')]).toEqual([0, expect.stringContaining(bench().mount)]);
  });
});

describe('before it is chosen', () => {
  it('a mount of another type, a missing namespace and the account default are warned of', async () => {
    const { mount, namespace, secret } = bench();
    await bench().vault('POST', `sys/auth/${mount}`, { type: 'userpass' });
    const { screen } = await init(
      ['--reviewer-mode', 'client_jwt', '--mount', mount],
      [
        ['is never replaced', ''],
        ['mount path shall', `new-${mount}${keys.enter}`],
        ['Which ServiceAccounts log in', 'no-such-namespace/x'],
        ['does not exist: kubectl create namespace', `\u0015${namespace}/default`],
        ['every Pod of the namespace', keys.enter],
        ...type('secrets may they', `secret/data/${secret}`),
        ['Audience', ''],
        atPage('8'),
        ...type('Which audience', 'vault'),
        [/!\s+in client review it works only if/, keys.interrupt],
      ],
    );
    expect(screen).toContain('every Pod of the namespace');
    await bench().vault('DELETE', `sys/auth/${mount}`);
  });
});

describe('who may not look', () => {
  it('is told so, and what may not be written, and types', async () => {
    const made = await bench().vault('POST', 'auth/token/create', { policies: ['default'], ttl: '10m' });
    const token = String((made.body as { auth?: { client_token?: string } }).auth?.client_token);
    bench().env['KUBECONFIG'] = await kubeconfigOf(`${bench().namespace}/my-sa`);
    const { screen, exit } = await init(
      namesOf(bench()),
      [
        ['this Vault token may not write', ''],
        ['nothing to choose from', ''],
        ...who(bench()),
        ['secrets may they', keys.interrupt],
      ],
      { VAULT_TOKEN: token },
    );
    expect(screen).toContain(`auth/${bench().mount}/config`);
    expect(screen).toContain(`as system:serviceaccount:${bench().namespace}:my-sa`);
    expect(screen).toContain('this user may not make ServiceAccounts');
    expect(exit).toBe(130);
  });
});

/** A user who may do nothing, in a kubeconfig of its own. */
async function kubeconfigOf(account: string): Promise<string> {
  const [namespace, name] = account.split('/');
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const { body } = await kubernetes('POST', path, { spec: { expirationSeconds: 600 } });
  const { server, caFile } = servers().kubernetes;
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'weak' },
    clusters: [{ name: 'weak', cluster: { server, 'certificate-authority': caFile } }],
    users: [{ name: 'weak', user: { token: (body as { status?: { token?: string } }).status?.token } }],
    contexts: [{ name: 'weak', context: { cluster: 'weak', user: 'weak' } }],
  };
  const file = join(bench().folder, 'kubeconfig');
  writeFileSync(file, JSON.stringify(config));
  return file;
}
