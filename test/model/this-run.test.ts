import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/command.ts';
import {
  assigned,
  call,
  exported,
  joined,
  kubectl,
  outputOf,
  pair,
  variable,
  vault,
  vaultbind,
} from '../../src/model/commands.ts';
import { inWords, printed, printingFor } from '../../src/model/printed.ts';
import { finding } from '../../src/model/report.ts';
import type { GivenFlags } from '../../src/model/this-run.ts';
import { folderWith, kubeconfig } from '../kubernetes/folder.ts';
import { reportOf, runCli } from '../servers/cli.ts';

const vaultFlags: GivenFlags = { vaultAddr: 'https://v:8200', vaultNamespace: 'team-a' };
const kubeFlags: GivenFlags = { kubeconfig: 'my config', context: '-c' };
const all: GivenFlags = { ...vaultFlags, ...kubeFlags, ceiling: 'c.yaml', env: ['A', 'B'] };
const ofVault = 'VAULT_ADDR=https://v:8200 VAULT_NAMESPACE=team-a';
const ofKubectl = "'--kubeconfig=my config' --context=-c";
const ofUs = "--vault-addr https://v:8200 --vault-namespace team-a --kubeconfig 'my config' --context -c";
const read = '--ceiling c.yaml --env A --env B';

const role = vault('delete', ['auth/k/role/old']);
const token = kubectl('create token', ['app'], { namespace: 'default' });
const completed: [what: string, command: Command, text: string][] = [
  ['vault', role, `${ofVault} vault delete auth/k/role/old`],
  [
    'vault with standard input',
    { ...role, stdin: '{}' },
    `printf '%s\\n' '{}' | ${ofVault} vault delete auth/k/role/old`,
  ],
  ['kubectl', token, `kubectl create token app --namespace=default ${ofKubectl}`],
  ['kubectl with a name like a flag', kubectl('get', ['-x']), `kubectl get ${ofKubectl} -- -x`],
  [
    'kubectl that looks at a context',
    kubectl('config view', [], { minify: true }),
    `kubectl config view --minify ${ofKubectl}`,
  ],
  [
    'kubectl that chooses a context',
    kubectl('config use-context', ['a']),
    "kubectl config use-context a '--kubeconfig=my config'",
  ],
  ['vaultbind', vaultbind('apply', { f: 'r.yaml' }), `vaultbind apply -f r.yaml ${ofUs} ${read}`],
  ['vaultbind with a name like a flag', vaultbind('apply', {}, '-p'), `vaultbind apply ${ofUs} ${read} -- -p`],
  ['a step', vaultbind('step bind-role', { f: 'r.yaml' }), `vaultbind step bind-role -f r.yaml ${ofUs} ${read}`],
  ['what connects to nothing', vaultbind('validate', { f: 'r.yaml' }), `vaultbind validate -f r.yaml ${read}`],
  [
    'what comes after',
    { ...role, and: token },
    `${ofVault} vault delete auth/k/role/old && kubectl create token app --namespace=default ${ofKubectl}`,
  ],
  [
    'what is fed',
    { ...call('cat', 'a'), into: kubectl('apply', [], { f: '-' }) },
    `cat a | kubectl apply -f - ${ofKubectl}`,
  ],
  [
    'what a variable is set to',
    assigned(variable('SA_JWT'), token),
    `SA_JWT="$(kubectl create token app --namespace=default ${ofKubectl})"`,
  ],
  [
    'what stands within a word',
    vault('write', [joined('identity/', outputOf(role)), pair('a', outputOf(token))]),
    `${ofVault} vault write identity/"$(${ofVault} vault delete auth/k/role/old)" a="$(kubectl create token app --namespace=default ${ofKubectl})"`,
  ],
];

describe('a command printed by a run with flags', () => {
  it.each(completed)('names them: %s', (_what, command, text) => {
    expect(printed(command, all)).toBe(text);
  });

  const kept: [what: string, command: Command][] = [
    ['the list of steps', vaultbind('step')],
    ['help', vaultbind('help apply')],
    ['the sandbox', call('eval', outputOf(vaultbind('sandbox up')))],
    ['another program', call('ls', '-l')],
    ['the shell', exported({ VAULT_ADDR: 'https://other' })],
  ];
  it.each(kept)('is left alone: %s', (_what, command) => {
    expect(printed(command, all)).toBe(printed(command, {}));
  });

  it('names only what flags said', () => {
    expect(printed(role, { vaultNamespace: 'team-a', env: [] })).toBe(
      'VAULT_NAMESPACE=team-a vault delete auth/k/role/old',
    );
    expect(printed(role, kubeFlags)).toBe('vault delete auth/k/role/old');
    expect(printed(token, vaultFlags)).toBe('kubectl create token app --namespace=default');
  });

  it('keeps what it names itself', () => {
    const own = { ...role, env: { VAULT_ADDR: 'https://other' } };
    expect(printed(own, all)).toBe('VAULT_ADDR=https://other VAULT_NAMESPACE=team-a vault delete auth/k/role/old');
    expect(printed(vault('read', ['a'], { address: 'https://o' }), all)).toBe(
      'VAULT_NAMESPACE=team-a vault read -address=https://o a',
    );
    expect(printed(kubectl('get', ['pods'], { context: 'b' }), { context: 'a' })).toBe('kubectl get pods --context=b');
    expect(printed(vaultbind('plan', { context: 'b' }), { context: 'a' })).toBe('vaultbind plan --context b');
  });

  it('goes to no namespace where Vault answers in none', () => {
    for (const command of [vault('operator unseal'), vault('list', ['sys/quotas/rate-limit']), vault('namespace list')])
      expect(printed(command, all)).toBe(`VAULT_ADDR=https://v:8200 ${printed(command, {})}`);
  });

  it('shows no password of the address, and nothing at all with a name that cannot be seen', () => {
    expect(printed(role, { vaultAddr: 'https://u:secret-word@v' })).not.toContain('secret-word');
    expect(printed(token, { context: 'a\u202eb' })).toBeUndefined();
  });
});

it('findings and sentences are of the run that makes them, and of no other', async () => {
  const made = async () => {
    await Promise.resolve();
    const one = finding({
      code: 'drift',
      subject: '',
      status: 'failed',
      message: inWords(role),
      fix: [{ why: '', command: role }],
    });
    return [one.message, one.fix[0]?.command];
  };
  const bare = 'vault delete auth/k/role/old';
  const [mine, others] = await Promise.all([printingFor(vaultFlags, made), made()]);
  expect([mine, others]).toEqual([
    [`${ofVault} ${bare}`, `${ofVault} ${bare}`],
    [bare, bare],
  ]);
});

it('a whole report of a run names its flags, and without flags none', async () => {
  const cluster = kubeconfig({ server: 'https://127.0.0.1:9' }, { token: 'of-the-operator' });
  const cwd = await folderWith({ config: cluster });
  const settings = { cwd, env: { HOME: cwd, PATH: '', KUBECONFIG: `${cwd}/config`, VAULT_TOKEN: 's.operator' } };
  const commandsOf = async (...flags: string[]) => {
    const result = await runCli(['doctor', ...flags, '-o', 'json'], settings);
    return reportOf(result).findings.flatMap(({ fix }) => fix.flatMap(({ command }) => command ?? []));
  };
  const where = '--vault-addr http://127.0.0.1:9 --vault-namespace team-a --context prod';
  const bare = await commandsOf();
  expect(bare).toContain('vaultbind doctor -f RECIPE');
  expect(await commandsOf(...where.split(' '))).toContain(`vaultbind doctor -f RECIPE ${where}`);
}, 120_000);
