import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keys } from '../servers/conversation.ts';
import { back, type Move, pagesOf, take, type, wizardScene } from './play.ts';

const { bench, init, files, written } = wizardScene('openbao');
const mountExists = async () => (await bench().vault('GET', 'sys/auth')).body[`${bench().mount}/`] !== undefined;

const pages = () => pagesOf(bench());

describe('Ctrl-C', () => {
  const first: Record<string, string> = {
    cluster: 'Which cluster',
    auth: 'mount path shall',
    accounts: 'Which ServiceAccounts',
    secrets: 'secrets may they',
    expect: 'be proved',
    recipe: 'binding called',
  };

  it.each(Object.keys(first))('on the page %s leaves nothing: no file, no mount', async (page) => {
    const before = Object.entries(pages()).slice(0, Object.keys(first).indexOf(page));
    const { exit, screen } = await init([...before.flatMap(([, moves]) => moves), [first[page] ?? '', keys.interrupt]]);
    expect(screen).toContain('nothing was written');
    expect([exit, files(), await mountExists()]).toEqual([130, [], false]);
  });

  it.each([
    ['the address', { VAULT_ADDR: '' }, 'Address of Vault'],
    ['the login', { VAULT_TOKEN: '' }, 'How to log in'],
  ])('at the question for %s leaves nothing', async (_what, env, shown) => {
    const { exit } = await init([[shown, keys.interrupt]], { env });
    expect([exit, files()]).toEqual([130, []]);
  });

  it('and "no" at the plan leave the recipe alone, and say where it is', async () => {
    const all = Object.values(pages()).flat();
    for (const typed of [keys.interrupt, `n${keys.enter}`]) {
      const { exit, screen } = await init([...all.slice(0, -1), ['go on', keys.enter], ['(y/N)', typed]]);
      expect(screen).toContain('the recipe is in app.yaml');
      expect([exit, await mountExists()]).toEqual([130, false]);
      expect((await bench().cli('validate', '-f', 'app.yaml')).exit).toBe(0);
      rmSync(join(bench().folder, 'app.yaml'));
    }
  });
});

describe('a wrong token', () => {
  it('is asked for again, and never shown', async () => {
    const { exit, raw, screen } = await init(
      [
        ...take('token'),
        ['Token for', `hvs.not-the-right-one-0123456789${keys.enter}`],
        ...take('token'),
        ['Token for', `${bench().env['VAULT_TOKEN']}${keys.enter}`],
        ['Which cluster', keys.interrupt],
      ],
      { env: { VAULT_TOKEN: 's.wrong-from-the-environment-1' } },
    );
    expect(screen).toContain('2/7');
    expect(exit).toBe(130);
    for (const secret of ['not-the-right-one', 'wrong-from-the-environment', bench().env['VAULT_TOKEN'] ?? '-'])
      expect(raw).not.toContain(secret);
  });
});

describe('an address where nothing answers', () => {
  it('is asked for again', async () => {
    const address = `\u0015${bench().env['VAULT_ADDR']}${keys.enter}`;
    const moves: Move[] = [
      ['Address of Vault', address],
      ['Which cluster', keys.interrupt],
    ];
    const { exit } = await init(moves, { env: { VAULT_ADDR: 'http://127.0.0.1:1', VAULT_MAX_RETRIES: '0' } });
    expect(exit).toBe(130);
  });
});

describe('a mistake that no answer mends', () => {
  it('ends it', async () => {
    const { exit, screen } = await init([], { env: { VAULT_ADDR: '', VAULT_CLIENT_TIMEOUT: 'soon' } });
    expect([exit, screen.includes('VAULT_CLIENT_TIMEOUT'), screen.includes('Address of')]).toEqual([3, true, false]);
  });
});

describe('going back', () => {
  it('takes an answer back, across pages too, and the last answer counts', async () => {
    const { cluster, auth, accounts = [] } = pages();
    const { exit } = await init([
      ...(cluster ?? []),
      ...(auth ?? []),
      ...accounts.slice(0, 3),
      // At the role's name: back to the accounts, then to the page before, and forward again.
      ...back('role called'),
      ...back('Which ServiceAccounts log in'),
      ...type('Which ServiceAccount reviews', `${bench().namespace}/other-reviewer`),
      ...take('go on'),
      ...accounts.slice(0, -1),
      ['go on', `${keys.down}${keys.down}${keys.enter}`],
      ['to which file', keys.enter],
    ]);
    expect(exit).toBe(0);
    expect(written('recipe.yaml')).toContain(`service_account: ${bench().namespace}/other-reviewer`);
    expect(written('recipe.yaml')).toContain(`service_accounts: [${bench().namespace}/my-sa]`);
  });

  it('leads from the first page to another Vault', async () => {
    const { exit, screen } = await init([
      ...back('Which cluster'),
      ['what shall be another', `${keys.down}${keys.enter}`],
      ['Address of Vault', keys.enter],
      ['Which cluster', keys.interrupt],
    ]);
    expect([exit, screen.match(/OpenBao [\d.]+ at/g)?.length]).toEqual([130, 2]);
  });
});

const escapeSign = String.fromCharCode(27);
const colour = new RegExp(`${escapeSign}\\[[0-9;]*m`);
/** Ends of lines, and movements of the cursor. */
const control = new RegExp(`\\r|\\n|${escapeSign}\\[[0-9;?]*[A-Za-z]`);

describe('a terminal of 40 columns, without colour, without UTF-8', () => {
  it('shows all of it in ASCII, without colour, and no line too long', async () => {
    const token: Move[] = [...take('token'), ['Token for', `${bench().env['VAULT_TOKEN']}${keys.enter}`]];
    const ascii = [...token, ...Object.values(pages()).flat()].map(([shown, typed]): Move => {
      if (typeof shown !== 'string') return [shown, typed];
      return [shown.replace('❯', '>').slice(0, 24), typed];
    });
    const env = { VAULT_TOKEN: '', NO_COLOR: '1', LANG: 'C', LC_ALL: 'C' };
    const { exit, screen, raw } = await init([...ascii, ['(y/N)', `n${keys.enter}`]], { env, columns: 40 });
    expect(exit).toBe(130);
    const asked = screen.slice(0, screen.indexOf('written: app.yaml'));
    expect([...asked].filter((sign) => sign > '~')).toEqual([]);
    expect(raw.slice(0, raw.indexOf('written: app.yaml'))).not.toMatch(colour);
    const lines = raw.slice(0, raw.indexOf('# yaml-language-server')).split(control);
    // A path has no place to break it at.
    expect(lines.filter((line) => line.length > 40 && line.trim().includes(' '))).toEqual([]);
  });
});
