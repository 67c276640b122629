import { beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { keys } from '../servers/conversation.ts';
import { servers } from '../servers/servers.ts';
import { atPage, namesOf, type, which, who, wizardScene } from './play.ts';

const { bench, init, files, written } = wizardScene('openbao');

/** Just wide enough for the bench's own names. */
beforeEach(() => {
  const { mount, namespace, policy, role, secret, write } = bench();
  const paths = [{ path: `secret/data/${secret}`, capabilities: ['read'] }];
  const ceiling = {
    version: 1,
    cluster: { contexts: ['sandbox'], hosts: [servers().kubernetes.server] },
    auth: { paths: [mount], reviewers: [`${namespace}/vault-reviewer`] },
    policies: { names: [policy], paths },
    roles: { names: [role], service_accounts: [`${namespace}/my-sa`] },
  };
  write(stringify(ceiling), 'ceiling.yaml');
});

describe('init --yes under a ceiling', () => {
  const run = (env: Record<string, string>, flags: Record<string, string>) => {
    const { namespace, mount, role, policy, secret, cli } = bench();
    Object.assign(bench().env, env);
    const answers = {
      ...{ '-f': 'app.yaml', '--mount': mount, '--reviewer': `${namespace}/vault-reviewer`, '--role': role },
      ...{ '--policy': policy, '--service-account': `${namespace}/my-sa`, '--secret': `secret/data/${secret}` },
      ...flags,
    };
    return cli('init', '--yes', '--write-only', ...Object.entries(answers).flat());
  };

  it('writes a recipe that is within', async () => {
    const { exit, stderr } = await run({}, { '--ceiling': 'ceiling.yaml' });
    expect([exit, stderr, files()]).toEqual([
      0,
      expect.stringContaining('written: app.yaml'),
      ['app.yaml', 'ceiling.yaml'],
    ]);
  });

  it('writes none that is beyond, and says all of it', async () => {
    const { exit, stderr } = await run(
      { VAULTBIND_CEILING: 'ceiling.yaml' },
      { '--mount': 'another', '--service-account': `${bench().namespace}/stranger` },
    );
    expect([exit, files()]).toEqual([3, ['ceiling.yaml']]);
    expect(stderr.match(/^error ceiling-exceeded {2}.*$/gm)).toEqual([
      expect.stringContaining(
        'nothing may be written at auth/another; the ceiling says so in auth.paths (ceiling.yaml:',
      ),
      expect.stringContaining('/stranger; the ceiling says so in roles.service_accounts'),
      expect.stringContaining('/stranger may be asked for; the ceiling says so in expect.service_accounts'),
    ]);
  });

  it('nor into a folder that is still to be made', async () => {
    const flags = { '-f': 'new/app.yaml', '--mount': 'another', '--ceiling': 'ceiling.yaml' };
    const { exit, stderr } = await run({}, flags);
    expect([exit, stderr, files()]).toEqual([3, expect.stringContaining('ceiling-exceeded'), ['ceiling.yaml']]);
  });

  it('leaves a recipe that is gone on with as it was', async () => {
    const { name: _missing, ...recipe } = bench().recipe();
    bench().write(stringify({ ...recipe, auth: { ...recipe.auth, path: 'another' } }));
    const before = written('recipe.yaml');
    const { exit, stderr } = await run({}, { '-f': 'recipe.yaml', '--name': 'app', '--ceiling': 'ceiling.yaml' });
    expect([exit, written('recipe.yaml')]).toEqual([3, before]);
    expect(stderr).toContain('ceiling-exceeded');
  });

  it('reads it before anything else', async () => {
    bench().write('version: 2\n', 'ceiling.yaml');
    const { exit, stderr } = await run({ VAULT_ADDR: '' }, { '--ceiling': 'ceiling.yaml' });
    expect([exit, stderr]).toEqual([3, expect.stringContaining('ceiling-invalid')]);
    expect(stderr).not.toContain('address-missing');
  });
});

describe('a conversation under a ceiling', () => {
  it('tells what is beyond before it writes, and takes it only when it is within', async () => {
    const args = ['--write-only', ...namesOf({ ...bench(), mount: 'another' })];
    const { exit } = await init(
      [
        ...who(bench()),
        ...which(bench()),
        ['nothing may be written at auth/another', ''],
        ['It cannot be written so', keys.enter],
        ['Enter alone takes it not', '\u00153\r'],
        ...type('mount path shall', bench().mount),
        atPage(''),
      ],
      { args, env: { VAULTBIND_CEILING: 'ceiling.yaml' } },
    );
    expect([exit, files()]).toEqual([0, ['app.yaml', 'ceiling.yaml']]);
    expect(written('app.yaml')).toContain(`path: ${bench().mount}`);
  });
});
