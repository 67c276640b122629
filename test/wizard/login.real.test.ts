import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitlab, operatorPolicy, type Prepared, tokensOf, userpass } from '../operator/login/methods.ts';
import { keys } from '../servers/conversation.ts';
import { type Faults, startFaults } from '../servers/faults.ts';
import { products, servers } from '../servers/servers.ts';
import { atPage, type Move, namesOf, take, which, who, wizardScene } from './play.ts';

const mountOf = ({ at }: Prepared) => at.split('/')[1] ?? '';
const enter = (text = '') => `${text}${keys.enter}`;

describe.each(products)('a login typed by hand, on %s,', (product) => {
  const { bench, init, files, written } = wizardScene(product);
  let policy: string;
  let prepared: Prepared;
  let between: Faults;
  beforeEach(async () => {
    policy = await operatorPolicy(bench());
    prepared = await userpass(bench(), policy);
    between = await startFaults({ target: servers().vaults[product].address });
  });
  afterEach(async () => {
    await between.close();
    await bench().vault('DELETE', `sys/auth/${mountOf(prepared)}`);
    await bench().vault('DELETE', `sys/policies/acl/${policy}`);
  });

  const nobodysToken = (env: Record<string, string> = {}) => ({ VAULT_TOKEN: '', VAULT_ADDR: between.url, ...env });
  const password = () => prepared.secrets['password'] ?? '';
  const chosen: Move[] = [
    ['How to log in', keys.down.repeat(4)],
    ['❯ userpass', keys.enter],
  ];
  const typed = (secret: string): Move[] => [
    ...chosen,
    ['Path of the auth method', enter(mountOf(prepared))],
    ['username:', enter('ci')],
    ['password:', secret],
  ];
  const logins = () => between.seen.filter(({ path }) => path === `/v1/${prepared.at}`).length;

  it('first wrongly and then rightly, serves the conversation and the apply, and is ended', async () => {
    const wrong = 'not the pass phrase';
    const { exit, raw, screen } = await init(
      [
        ...typed(enter(wrong)),
        ['was refused', ''],
        ...take('userpass'),
        ['Path of the auth method', keys.enter],
        ['username:', keys.enter],
        ['password:', enter(password())],
        ...who(bench()),
        ...which(bench()),
        atPage(''),
        ['(y/N)', enter('y')],
      ],
      { env: nobodysToken(), args: namesOf(bench()) },
    );
    expect(exit, screen).toBe(0);
    expect(screen).toContain(`token from userpass login at auth/${mountOf(prepared)}`);
    expect(screen).toContain('in a pipeline (with the password in VAULTBIND_LOGIN_PASSWORD)');
    const again = `apply -f app.yaml --yes --vault-login userpass --vault-login-path ${mountOf(prepared)}`;
    expect(screen).toContain(`${again} --vault-login-username ci --context sandbox\n`);
    expect([logins(), await tokensOf(bench(), prepared)]).toEqual([2, 0]);
    for (const secret of [wrong, password()]) {
      expect(raw).not.toContain(secret);
      expect(written('app.yaml')).not.toContain(secret);
    }
  });

  it('asks nothing that flags and environment say, until that is refused', async () => {
    const env = nobodysToken({ VAULTBIND_LOGIN_USERNAME: 'nobody' });
    const args = ['--vault-login', 'userpass', '--vault-login-path', mountOf(prepared)];
    const { exit } = await init(
      [
        ['the login method userpass needs password', ''],
        ...take('userpass'),
        ['password:', enter(password())],
        ['was refused', ''],
        ...take('userpass'),
        [`Path of the auth method: (${mountOf(prepared)})`, keys.enter],
        ['username: (nobody)', enter('ci')],
        ['password:', enter(password())],
        ['Which ServiceAccounts', keys.interrupt],
      ],
      { env, args },
    );
    expect([exit, files(), await tokensOf(bench(), prepared)]).toEqual([130, [], 0]);
  });

  it('is asked for where a secret should come on the terminal itself, to be seen there', async () => {
    const flags = [...prepared.flags, '--vault-login-password-file', '-'];
    const { exit, raw } = await init(
      [
        ['it is the terminal', ''],
        ...take('userpass'),
        ['Path of the auth method', keys.enter],
        ['username: (ci)', keys.enter],
        ['password:', enter(password())],
        ['Which ServiceAccounts', keys.interrupt],
      ],
      { env: nobodysToken(), args: flags },
    );
    expect([exit, raw.includes(password())]).toEqual([130, false]);
  });

  it('and left by Ctrl-C leaves nothing: at a question, while it goes on, and after', async () => {
    const half = 'half-a-password';
    const stopped = await init(typed(`${half}${keys.interrupt}`), { env: nobodysToken() });
    expect([stopped.exit, files(), logins()]).toEqual([130, [], 0]);
    expect(stopped.raw).not.toContain(half);
    const arrived = new Promise<void>((done) => {
      const when = ({ path }: { path: string }) => {
        if (path === `/v1/${prepared.at}`) done();
        return path === `/v1/${prepared.at}`;
      };
      between.inject({ fault: { kind: 'delay', milliseconds: 300 }, when });
    });
    const during = await init([...typed(enter(password())), [arrived, keys.interrupt]], { env: nobodysToken() });
    expect([during.exit, files(), logins(), await tokensOf(bench(), prepared)]).toEqual([130, [], 1, 0]);
    const after = await init([...typed(enter(password())), ['Which ServiceAccounts', keys.interrupt]], {
      env: nobodysToken(),
    });
    expect([after.exit, files(), await tokensOf(bench(), prepared)]).toEqual([130, [], 0]);
  });
});

describe('a login by other means', () => {
  const { bench, init } = wizardScene('openbao');
  let policy: string;
  let prepared: Prepared;
  beforeEach(async () => {
    policy = await operatorPolicy(bench());
    prepared = await gitlab(bench(), policy);
  });
  afterEach(async () => {
    await bench().vault('DELETE', `sys/auth/${mountOf(prepared)}`);
    await bench().vault('DELETE', `sys/policies/acl/${policy}`);
  });

  it('takes an id token from a file, and nothing that may be left out', async () => {
    writeFileSync(join(bench().folder, 'id-token'), `${prepared.secrets['jwt']}\n`);
    const { exit, screen } = await init(
      [
        ['How to log in', keys.down.repeat(3)],
        ['❯ jwt', keys.enter],
        ['Path of the auth method', enter(mountOf(prepared))],
        ['role (may be left out)', enter('ci')],
        ['jwt:', keys.enter],
        ['File that holds the jwt:', enter('id-token')],
        ['audience (may be left out)', keys.enter],
        ['Which ServiceAccounts', keys.interrupt],
      ],
      { env: { VAULT_TOKEN: '' } },
    );
    expect([exit, await tokensOf(bench(), prepared)]).toEqual([130, 0]);
    expect(screen).toContain(`token from jwt login at auth/${mountOf(prepared)}`);
  });
});
