import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWith, kubeconfig } from '../kubernetes/folder.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import { type Faults, startFaults } from '../servers/faults.ts';

/**
 * Law: a recipe names no Vault namespace. Its admin receives what is sent into it, so before anything is sent the
 * operator must have said that very namespace himself, whatever he works with: a token, a login or a child token.
 */
let vault: Faults;
beforeAll(async () => {
  vault = await startFaults();
});
afterAll(() => vault.close());

const recipe = `version: 1
name: h6
vault: {namespace: evil}
auth: {path: h6, reviewer: {mode: client_jwt}}
roles:
  - {name: h6-app, service_accounts: [default/h6-app], token_policies: [default], token_ttl: 10m}
`;

async function run(command: string[], env: Record<string, string>) {
  const cluster = kubeconfig({ server: 'https://127.0.0.1:9' }, { token: 'of-the-operator' });
  const cwd = await folderWith({ 'recipe.yaml': recipe, config: cluster, jwt: 'operator.jwt.signature' });
  const before = vault.accepted();
  const place = { HOME: cwd, PATH: '', KUBECONFIG: `${cwd}/config`, VAULT_ADDR: vault.url };
  const settings = { cwd, env: { ...place, ...env } };
  const result = await runCli([...command, '-f', 'recipe.yaml', '-o', 'json'], settings);
  return { exit: result.exit, findings: reportOf(result).findings, sent: vault.accepted() - before };
}

const ways: [name: string, flags: string[], env: Record<string, string>][] = [
  ['a token', [], { VAULT_TOKEN: 's.operator' }],
  ['a child token', ['--child-token'], { VAULT_TOKEN: 's.operator' }],
  [
    'a login with a JWT',
    ['--vault-login', 'kubernetes', '--vault-login-role', 'r', '--vault-login-jwt-file', 'jwt'],
    {},
  ],
  [
    'a login with a password',
    ['--vault-login', 'ldap', '--vault-login-username', 'ci'],
    { VAULTBIND_LOGIN_PASSWORD: 'canary-password' },
  ],
  [
    'an approle login',
    ['--vault-login', 'approle'],
    { VAULTBIND_LOGIN_ROLE_ID: 'role', VAULTBIND_LOGIN_SECRET_ID: 'canary-secret-id' },
  ],
  ['a wrapped token', ['--vault-login', 'wrapped'], { VAULTBIND_LOGIN_WRAPPING_TOKEN: 's.wrapping' }],
];

const said: [what: string, flags: string[], env: Record<string, string>][] = [
  ['said nothing', [], {}],
  ['said prod by VAULT_NAMESPACE', [], { VAULT_NAMESPACE: 'prod' }],
  ['said prod by BAO_NAMESPACE', [], { VAULT_NAMESPACE: 'evil', BAO_NAMESPACE: 'prod' }],
  ['said prod by --vault-namespace', ['--vault-namespace', 'prod'], { VAULT_NAMESPACE: 'evil' }],
  ['said a namespace below', [], { VAULT_NAMESPACE: 'evil/team' }],
];

const commands = [['plan'], ['apply', '--yes'], ['verify'], ['doctor'], ['step', 'login']];

describe.each(said)('an operator who %s', (_what, flags, env) => {
  it.each(ways)('and has %s sends nothing into the namespace of a recipe', async (_way, more, secrets) => {
    const { exit, findings, sent } = await run(['plan', ...flags, ...more], { ...env, ...secrets });
    expect([exit, findings.map(({ code }) => code), sent]).toEqual([3, ['namespace-mismatch'], 0]);
    expect(JSON.stringify(findings)).not.toMatch(/canary|s\.operator|s\.wrapping/);
  });
});

it.each(commands)('%s %s refuses it too', async (...command) => {
  const { exit, findings, sent } = await run(command.filter(Boolean), { VAULT_TOKEN: 's.operator' });
  expect([exit, findings.map(({ code }) => code), sent]).toEqual([3, ['namespace-mismatch'], 0]);
});

it('what the operator says too is gone on with, slashes around it or not', async () => {
  const { sent } = await run(['plan'], { VAULT_TOKEN: 's.operator', VAULT_NAMESPACE: '/evil/' });
  expect(sent).toBeGreaterThan(0);
});
