import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keys } from '../servers/conversation.ts';
import { atPage, back, type Move, namesOf, take, type, which, who, wizardScene } from './play.ts';

const { bench, init: run, files, written } = wizardScene('openbao');
const mountExists = async () => (await bench().vault('GET', 'sys/auth')).body[`${bench().mount}/`] !== undefined;

const init = (moves: Move[], { args = [], ...setting }: Parameters<typeof run>[1] = {}) =>
  run(moves, { args: [...namesOf(bench()), ...args], ...setting });

describe('Ctrl-C', () => {
  it('leaves nothing, and says the answers so far as flags', async () => {
    const { exit, screen } = await init([...who(bench()), ['secrets may they', keys.interrupt]]);
    expect([exit, files(), await mountExists()]).toEqual([130, [], false]);
    expect(screen).toContain('nothing was written');
    const line = screen.slice(screen.indexOf('to go on with these answers (with a token in VAULT_TOKEN)'));
    expect(line).toContain(`VAULT_ADDR=${bench().env['VAULT_ADDR']} vaultbind init --mount ${bench().mount} `);
    expect(line).toContain(`--service-account ${bench().namespace}/my-sa`);
    expect(line).not.toContain(bench().env['VAULT_TOKEN']);
  });

  it.each([
    ['the address', { VAULT_ADDR: '' }, 'Address of Vault'],
    ['the login', { VAULT_TOKEN: '' }, 'How to log in'],
    ['the first answer', {}, 'Which ServiceAccounts'],
  ])('at the question for %s leaves nothing', async (_what, env, shown) => {
    const { exit, screen } = await init([[shown, keys.interrupt]], { env });
    expect([exit, files(), screen.includes('to go on')]).toEqual([130, [], false]);
  });

  it('and "no" at the plan leave the recipe alone, and say where it is and how to go on', async () => {
    for (const typed of [keys.interrupt, `n${keys.enter}`]) {
      const { exit, screen } = await init([...who(bench()), ...which(bench()), atPage(''), ['(y/N)', typed]]);
      expect(screen).toMatch(/recipe kept: app\.yaml; (servers unchanged; )?go on: vaultbind apply -f app\.yaml/);
      expect([exit, screen.includes('error declined'), await mountExists()]).toEqual([130, false, false]);
      expect((await bench().cli('validate', '-f', 'app.yaml')).exit).toBe(0);
      rmSync(join(bench().folder, 'app.yaml'));
    }
  });
});

describe('Enter alone', () => {
  it('chooses nobody, and nothing for anybody', async () => {
    const { exit, screen } = await init([
      ['Which ServiceAccounts log in', keys.enter],
      ['nothing is chosen', keys.interrupt],
    ]);
    expect([exit, screen.includes('secrets may they')]).toEqual([130, false]);
  });
});

describe('a machine without a kubeconfig', () => {
  it('is told so before all else, and asked for the file', async () => {
    const { exit, screen } = await init(
      [
        ['there is no kubeconfig', ''],
        ['vaultbind sandbox up', ''],
        ['Which kubeconfig file', `nowhere${keys.enter}`],
        ['nowhere: there is no such file', ''],
        ['Which kubeconfig file', `${bench().env['KUBECONFIG']}${keys.enter}`],
        ['Which ServiceAccounts', keys.interrupt],
      ],
      { env: { KUBECONFIG: '' } },
    );
    expect([exit, screen.indexOf('there is no kubeconfig') < screen.indexOf('OpenBao')]).toEqual([130, true]);
  });
});

describe('a wrong token', () => {
  it('is asked for again, and never shown', async () => {
    const { exit, raw } = await init(
      [
        ...take('token'),
        ['Token for', `hvs.not-the-right-one-0123456789${keys.enter}`],
        ...take('token'),
        ['Token for', `${bench().env['VAULT_TOKEN']}${keys.enter}`],
        ['token from the keyboard', ''],
        ['Which ServiceAccounts', keys.interrupt],
      ],
      { env: { VAULT_TOKEN: 's.wrong-from-the-environment-1' } },
    );
    expect(exit).toBe(130);
    for (const secret of ['not-the-right-one', 'wrong-from-the-environment', bench().env['VAULT_TOKEN'] ?? '-'])
      expect(raw).not.toContain(secret);
  });
});

describe('an address', () => {
  it('where nothing answers, or that is none, is asked for again; Enter takes what was probably meant', async () => {
    const address = bench().env['VAULT_ADDR'] ?? '';
    const { exit, screen } = await init(
      [
        ['Address of Vault', `\u0015${address.replace('http://', '')}${keys.enter}`],
        [`Address of Vault or OpenBao: (${address})`, keys.enter],
        ['Which ServiceAccounts', keys.interrupt],
      ],
      { env: { VAULT_ADDR: 'http://127.0.0.1:1', VAULT_MAX_RETRIES: '0' } },
    );
    expect([exit, screen.includes('--vault-addr')]).toEqual([130, false]);
  });
});

describe('a mistake that no answer mends', () => {
  it('ends it', async () => {
    const { exit, screen } = await init([], { env: { VAULT_ADDR: '', VAULT_CLIENT_TIMEOUT: 'soon' } });
    expect([exit, screen.includes('VAULT_CLIENT_TIMEOUT'), screen.includes('Address of')]).toEqual([3, true, false]);
  });
});

describe('an answer', () => {
  it('is taken back, changed by its number, corrected by Enter, and one more role is added', async () => {
    const { namespace, secret } = bench();
    mkdirSync(join(bench().folder, 'recipes'));
    const { exit } = await init(
      [
        ...type('Which ServiceAccounts log in', `${namespace}/stranger`),
        ...back('secrets may they'),
        ...who(bench()),
        // Without data/: what was probably meant.
        ...type('secrets may they', `secret/${secret}`),
        atPage('9'),
        ...type('How long does a login last', '20m'),
        atPage('+'),
        ...type('Which ServiceAccounts log in', `${namespace}/stranger`),
        ...type('secrets may they', `secret/data/${secret}`),
        atPage(''),
      ],
      { args: ['--write-only', '-f', 'recipes/app.yaml'] },
    );
    expect(exit).toBe(0);
    const text = readFileSync(join(bench().folder, 'recipes/app.yaml'), 'utf8');
    expect(text).toContain(`service_accounts: [${namespace}/my-sa]`);
    expect(text).toContain(`service_accounts: [${namespace}/stranger]`);
    expect([text.match(/token_ttl: 20m/g)?.length, text.match(/path: secret\/data\//g)?.length]).toEqual([1, 2]);
    expect((await bench().cli('validate', '-f', 'recipes/app.yaml')).exit).toBe(0);
  });

  it('before the first leads to another Vault', async () => {
    const { exit, screen } = await init([
      ...back('Which ServiceAccounts'),
      ['what shall be another', `${keys.down}${keys.enter}`],
      ['Address of Vault', keys.enter],
      ['Which ServiceAccounts', keys.interrupt],
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
    const token: Move[] = [
      ['> token', keys.enter],
      ['Token for', `${bench().env['VAULT_TOKEN']}${keys.enter}`],
    ];
    const moves = [...token, ...who(bench()), ...which(bench()), atPage('')].map(
      ([shown, typed]): Move => (typeof shown === 'string' ? [shown.slice(0, 12), typed] : [shown, typed]),
    );
    const env = { VAULT_TOKEN: '', NO_COLOR: '1', LANG: 'C', LC_ALL: 'C' };
    const { exit, screen, raw } = await init([...moves, ['(y/N)', `n${keys.enter}`]], { env, columns: 40 });
    expect(exit).toBe(130);
    const asked = screen.slice(0, screen.indexOf('written: app.yaml'));
    expect([...asked].filter((sign) => sign > '~')).toEqual([]);
    expect(written('app.yaml')).toContain(bench().mount);
    const conversation = raw.slice(0, raw.indexOf('written: app.yaml'));
    expect(conversation).not.toMatch(colour);
    // A path has no place to break it at.
    const lines = conversation.split(control);
    expect(lines.filter((line) => line.length > 40 && line.trim().includes(' ') && !/\S{24}/.test(line))).toEqual([]);
  });
});
