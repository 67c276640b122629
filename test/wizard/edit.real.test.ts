import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keys } from '../servers/conversation.ts';
import { kubernetes } from '../servers/raw.ts';
import { servers } from '../servers/servers.ts';
import { type Move, pagesOf, take, type, wizardScene } from './play.ts';

const { bench, init: inTerminal, written } = wizardScene('openbao');

const init = (args: string[], moves: Move[], env: Record<string, string> = {}) => inTerminal(moves, { args, env });

describe('a recipe that is left in the middle', () => {
  it('says what is missing, and is gone on with there', async () => {
    const first = await init(
      [],
      [
        ...take('sandbox', 'https://', 'go on'),
        ...type('mount path shall', bench().mount),
        ...take('token_secret'),
        ...type('Which ServiceAccount reviews', `${bench().namespace}/vault-reviewer`),
        ['go on', `${keys.down}${keys.down}`],
        ['❯ stop here', keys.enter],
        ['to which file', keys.enter],
      ],
    );
    expect(first.exit).toBe(0);
    expect(written('recipe.yaml')).toMatch(/missing is: Who logs in, .*vaultbind init -f recipe\.yaml/);
    const then = await init(
      ['-f', 'recipe.yaml', '--write-only'],
      [
        ...type('Which ServiceAccounts log in', `${bench().namespace}/my-sa`),
        ...take('(no more)'),
        ...type('role called', bench().role),
        ...take('vault', '1h', 'go on'),
        ...type('secrets may they', `secret/data/${bench().secret}`),
        ...take('(no more)', 'read'),
        ...type('policy called', bench().policy),
        ...take('go on', 'access', 'none', 'go on'),
        ...type('binding called', 'app'),
        ...take('yes', 'go on', 'yes'),
      ],
    );
    expect([then.exit, then.screen.includes('Which cluster')]).toEqual([0, false]);
    expect(written('recipe.yaml')).not.toContain('missing is');
    expect((await bench().cli('validate', '-f', 'recipe.yaml')).exit).toBe(0);
    expect((await bench().cli('apply', '--yes', '-f', 'recipe.yaml')).exit).toBe(0);
  });
});

describe('a recipe of somebody', () => {
  it('with a mount of another type is asked for the mount alone; its comments stay', async () => {
    await bench().vault('POST', `sys/auth/other-${bench().mount}`, { type: 'userpass' });
    const recipe = { ...bench().recipe(), auth: { ...bench().recipe().auth, path: `other-${bench().mount}` } };
    bench().write(`# of the team\n${JSON.stringify(recipe, null, 1)}\n# the end\n`);
    const { exit, screen } = await init(
      ['-f', 'recipe.yaml', '--write-only'],
      [...type('mount path shall', bench().mount), ...take('go on', 'yes')],
    );
    await bench().vault('DELETE', `sys/auth/other-${bench().mount}`);
    expect([exit, screen.match(/✔ /g)?.length]).toEqual([0, 3]);
    expect(written('recipe.yaml')).toMatch(/^# of the team\n[\s\S]*# the end\n$/);
    expect(written('recipe.yaml')).toContain(`"path": "${bench().mount}"`);
  });

  it('stays as it was after "no"', async () => {
    const { name: _name, ...recipe } = bench().recipe();
    bench().write(JSON.stringify(recipe));
    const before = written('recipe.yaml');
    const { exit } = await init(
      ['-f', 'recipe.yaml'],
      [...type('binding called', 'app'), ...take('yes', 'go on'), ['Write this', keys.down], ['❯ no', keys.enter]],
    );
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
    const pages = { ...pagesOf(bench()), recipe: [...type('binding called', 'app'), ...take('yes', 'go on')] };
    const moves: Move[] = [...Object.values(pages).flat(), ['Write the recipe to which file', keys.enter]];
    const { exit } = await init(['-f', 'file/app.yaml', '--write-only'], moves);
    expect([exit, written('app.yaml')]).toEqual([0, expect.stringContaining(bench().mount)]);
  });
});

describe('before it is chosen', () => {
  const upToMount = () => take('sandbox', 'https://', 'go on');

  it('a mount of another type and a missing namespace are shown as impossible', async () => {
    await bench().vault('POST', `sys/auth/${bench().mount}`, { type: 'userpass' });
    const { screen } = await init(
      [],
      [
        ...upToMount(),
        ['mount path shall', bench().mount],
        ['is enabled there, and is never replaced', '\u0015'],
        ...type('', `new-${bench().mount}`),
        ...take('token_secret'),
        ['Which ServiceAccount reviews', 'no-such-namespace/x'],
        ['does not exist: kubectl create namespace', keys.interrupt],
      ],
    );
    expect(screen).toContain('type userpass');
  });

  it('a KV path without data/, an audience in client review, and the account default are warned of', async () => {
    const { screen } = await init(
      [],
      [
        ...upToMount(),
        ...type('mount path shall', bench().mount),
        [/❯ token_secret/, keys.down],
        [/❯ client_jwt/, keys.enter],
        ...take('yes', 'go on'),
        ['Which ServiceAccounts log in', `${bench().namespace}/default`],
        ['every Pod of the namespace', keys.enter],
        ...take('(no more)'),
        ...type('role called', bench().role),
        [/❯ none/, keys.down],
        ['choose none', keys.up],
        ...take('none', '1h', 'go on'),
        ['secrets may they', `secret/${bench().secret}`],
        [`write secret/data/${bench().secret}`, keys.interrupt],
      ],
    );
    expect(screen).toContain('only if the API server accepts this audience');
  });
});

describe('who may not look', () => {
  it('is told so, and what may not be written, and types', async () => {
    const made = await bench().vault('POST', 'auth/token/create', { policies: ['default'], ttl: '10m' });
    const token = String((made.body as { auth?: { client_token?: string } }).auth?.client_token);
    bench().env['KUBECONFIG'] = await kubeconfigOf(`${bench().namespace}/my-sa`);
    const { screen, exit } = await init(
      [],
      [
        ...take('weak', 'https://', 'go on'),
        ...type('mount path shall', bench().mount),
        ...take('token_secret'),
        ['nothing to choose from', ''],
        ...type('Which ServiceAccount reviews', `${bench().namespace}/vault-reviewer`),
        ['this Vault token may not write', ''],
        ['go on', keys.interrupt],
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
