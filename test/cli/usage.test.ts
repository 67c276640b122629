import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../servers/cli.ts';
import { type Faults, startFaults } from '../servers/faults.ts';
import { validReport } from './schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
/** Both systems in one; nothing may arrive here. */
let server: Faults;
const cli = (args: string[], env: Record<string, string> = {}) =>
  runCli(args, { env: { HOME: folder, ...env }, cwd: folder });

beforeAll(async () => {
  server = await startFaults();
  writeFileSync(join(folder, 'good.yaml'), recipe);
  writeFileSync(join(folder, 'kubeconfig'), kubeconfig(server.url));
  writeFileSync(join(folder, 'bad.yaml'), 'version: 1\nname: bad\nauht:\n  path: k\n');
});
let before: number;
beforeEach(() => {
  before = server.accepted();
});
afterEach(() => expect(server.accepted()).toBe(before));
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const recipe = `version: 1
name: good
auth: {path: k, reviewer: {service_account: a/reviewer}}
roles: [{name: r, service_accounts: [a/b]}]
`;

const kubeconfig = (url: string) => `apiVersion: v1
kind: Config
current-context: here
clusters: [{name: c, cluster: {server: "${url}"}}]
users: [{name: u, user: {token: abcdefgh}}]
contexts: [{name: here, context: {cluster: c, user: u}}]
`;

const everything = () => ({
  VAULT_ADDR: server.url,
  VAULT_TOKEN: 'token-abcdefgh',
  KUBECONFIG: join(folder, 'kubeconfig'),
});

/** What is typed, and what the person is told. */
const mistakes: [args: string, said: RegExp][] = [
  ['plam', /^error usage {2}unknown command 'plam'; did you mean "plan"\?/],
  ['plan', /no recipe was given/],
  ['plan -f good.yaml --onyl enable-auth', /^error usage {2}unknown option '--onyl'; did you mean "--only"\?/],
  ['plan -f good.yaml --only enable-auht', /there is no step enable-auht; did you mean "enable-auth"\?/],
  ['plan -f good.yaml --only login --skip login', /--only login and --skip login leave no step to do/],
  ['verify good.yaml --skip login --only login', /leave no step to do/],
  ['doctor --mount k --jwt-file nofile', /--jwt-file nofile does not exist/],
  ['doctor --mount k --jwt-file .', /--jwt-file \. is a folder, not a file/],
  ['apply -f good.yaml --yes --skip lgoin', /there is no step lgoin; did you mean "login"\?/],
  ['step bind-rol', /there is no step bind-rol; did you mean "bind-role"\?/],
  ['step bind-rol -f good.yaml', /there is no step bind-rol; did you mean "bind-role"\?/],
  ['step -f good.yaml', /-f belongs behind the name of a step/],
  ['init -f good.yaml other.yaml --yes', /init writes one recipe, and good\.yaml and other\.yaml were named/],
  ['init good.yaml', /there is no terminal to ask in/],
  ['sandbox uo', /did you mean "up"\?/],
  ['sandbox up --vault consul', /Allowed choices are openbao, hashicorp/],
  ['sandbox up --nodes 2', /a sandbox has 1 node or 3/],
  ['plan -f good.yaml --timeout soon', /a duration such as 30s/],
  ['plan -f good.yaml --timeout 0s', /a duration such as 30s/],
  ['plan -f good.yaml --parallel 0', /a whole number of at least 1/],
  ['plan -f good.yaml --parallel x', /a whole number of at least 1/],
  ['apply -f good.yaml --verify=some', /Allowed choices are changed, all, none/],
  ['plan -f good.yaml --out -', /stdout carries the report, so the plan needs a file/],
  ['plan -f good.yaml --out .', /the plan \. cannot be written: it is a folder/],
  ['plan -f good.yaml --out good.yaml/plan.json', /the plan good\.yaml\/plan\.json cannot be written/],
  ['plan -f good.yaml --show-commands --out plan.json', /makes no plan, which --out would tell of/],
  ['apply kubeconfig --yes', /kubeconfig cannot be applied: it is not JSON[\s\S]*vaultbind apply -f kubeconfig/],
  ['apply good.yaml', /there is no terminal to ask in, and --yes was not given; nothing was contacted/],
  ['apply nowhere.json --yes', /the plan nowhere\.json cannot be read[\s\S]*vaultbind plan -f RECIPE --out/],
  ['apply kubeconfig --only enable-auth --yes', /--only does not go with a saved plan/],
  ['apply kubeconfig --rewrite auth/k/config --yes', /--rewrite does not go with a saved plan/],
  ['apply --yes', /no recipe was given/],
  ['plan -f good.yaml extra', /extra does not exist/],
  ['plan bad.yaml', /bad\.yaml:3:1:.*auht/],
  ['step bind-role bad.yaml --yes', /bad\.yaml:3:1:.*auht/],
  ['step review-token -f bad.yaml -o yaml', /bad\.yaml:3:1:.*auht/],
  ['doctor bad.yaml', /bad\.yaml:3:1:.*auht/],
  ['permissions bad.yaml', /bad\.yaml:3:1:.*auht/],
  ['apply bad.yaml --yes', /bad\.yaml:3:1:.*auht/],
  ['apply good.yaml bad.yaml --yes', /bad\.yaml:3:1:.*auht/],
  ['plan -f missing.yaml', /missing\.yaml/],
  ['plan -f bad.yaml', /bad\.yaml:3:1:.*auht/],
  ['apply -f bad.yaml --yes', /bad\.yaml:3:1/],
  ['verify -f bad.yaml', /bad\.yaml:3:1/],
  ['validate -f bad.yaml', /bad\.yaml:3:1/],
  ['step bind-role -f bad.yaml --yes', /bad\.yaml:3:1/],
  ['plan -f good.yaml --context elsewhere', /elsewhere/],
  ['plan -f good.yaml --kubeconfig nowhere.yaml', /nowhere\.yaml/],
  ['apply -f good.yaml', /there is no terminal to ask in, and --yes was not given; nothing was contacted/],
  ['step bind-role -f good.yaml', /there is no terminal to ask in, and --yes was not given; nothing was contacted/],
];

describe.each(mistakes)('vaultbind %s', (line, said) => {
  const args = line.split(' ');

  it('ends with 3, says why on stderr, and contacts nothing', async () => {
    const { exit, stdout, stderr } = await cli(args, everything());
    expect(stderr).toMatch(said);
    expect([exit, stdout]).toEqual([3, '']);
  });

  it('gives a report with -o json', async () => {
    const result = await cli([...args, '-o', 'json'], everything());
    const report = validReport(result);
    expect(report.ok).toBe(false);
    expect(`${line} `).toContain(`${report.command} `);
    expect(report.command).not.toBe('');
    expect(report.findings.length).toBeGreaterThan(0);
    expect(report.findings.every(({ status }) => status === 'failed')).toBe(true);
  });
});

describe('-o', () => {
  it('takes the formats it names, and nothing else', async () => {
    const { exit, stderr } = await cli(['plan', '-f', 'good.yaml', '-o', 'xml'], everything());
    expect(exit).toBe(3);
    expect(stderr).toContain('Allowed choices are human, json');
  });

  it.each(['-o json', '-ojson', '--output json', '--output=json'])('%s gives a report of a mistake', async (format) => {
    const result = await cli(['plan', '-f', 'bad.yaml', ...format.split(' ')], everything());
    expect(result.exit).toBe(3);
    expect(validReport(result).findings.length).toBeGreaterThan(0);
  });

  it('json does not go with shell commands', async () => {
    const result = await cli(['plan', '-f', 'good.yaml', '--show-commands', '-o', 'json'], everything());
    expect(result.exit).toBe(3);
    expect(validReport(result).findings[0]?.subject).toBe('--show-commands');
  });
});

/** What is missing around the command line. */
const surroundings: [missing: string, env: () => Record<string, string>, code: string][] = [
  ['no Vault address', () => ({ ...everything(), VAULT_ADDR: '' }), 'address-missing'],
  ['a Vault address that is no URL', () => ({ ...everything(), VAULT_ADDR: 'vault:8200' }), 'usage'],
  ['no Vault token', () => ({ ...everything(), VAULT_TOKEN: '' }), 'token-missing'],
  ['no kubeconfig', () => ({ ...everything(), KUBECONFIG: '' }), 'kubernetes-context-missing'],
  ['a kubeconfig that is none', () => ({ ...everything(), KUBECONFIG: join(folder, 'bad.yaml') }), 'kubernetes-'],
];

describe.each(surroundings)('with %s', (_missing, env, code) => {
  it.each(['plan', 'verify', 'apply --yes', 'step bind-role --yes'])(
    '%s ends with 3 and contacts nothing',
    async (line) => {
      const result = await cli([...line.split(' '), '-f', 'good.yaml', '-o', 'json'], env());
      expect(result.exit).toBe(3);
      expect(validReport(result).findings[0]?.code).toContain(code);
    },
  );
});

describe('without a recipe', () => {
  it('vaultbind alone prints a short help with examples', async () => {
    const { exit, stdout, stderr } = await cli([]);
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: vaultbind/);
    expect(stdout).toContain('vaultbind sandbox demo');
    expect(stdout.split('\n').length).toBeLessThan(34);
  });

  it.each([
    ['--help'],
    ['help'],
    ['plan', '--help'],
    ['help', 'plan'],
    ['step', 'login', '--help'],
    ['sandbox', 'up', '-h'],
  ])('%s %s goes to stdout and ends with 0', async (...args) => {
    const { exit, stdout, stderr } = await cli(args);
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: vaultbind');
  });

  it.each(['--version', '-V'])('%s prints the version alone', async (flag) => {
    const { exit, stdout } = await cli([flag]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('step lists the steps in order', async () => {
    const { exit, stdout } = await cli(['step']);
    expect(exit).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
      ...['enable-auth', 'write-policy', 'service-account', 'bind-delegator', 'fetch-credentials'],
      ...['write-config', 'bind-role', 'review-token', 'login', ''],
    ]);
  });

  it("leaves a step's own format to it", async () => {
    const { stderr } = await cli(['step', 'review-token', '-f', 'good.yaml', '-o', 'yaml']);
    expect(stderr).toContain('address-missing');
  });

  it('step lists them for machines, too', async () => {
    const { exit, stdout } = await cli(['step', '-o', 'json']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'step',
      ok: true,
      steps: [{ name: 'enable-auth' }, {}, {}, {}, {}, {}, {}, {}, {}],
    });
  });

  it('schema prints a JSON Schema that a good recipe is written for', async () => {
    const { exit, stdout } = await cli(['schema']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('properties.auth');
  });
});

describe('validate', () => {
  it('says that a good recipe is good, offline', async () => {
    const result = await cli(['validate', '-f', 'good.yaml', '-o', 'json']);
    expect(result.exit).toBe(0);
    expect(validReport(result).ok).toBe(true);
    expect((await cli(['validate', '-f', 'good.yaml'])).exit).toBe(0);
  });

  it('takes the recipe as a word, too', async () => {
    const told = async (...args: string[]) => {
      const { recipe, findings } = validReport(await cli(['validate', ...args, '-o', 'json']));
      return { recipe, findings };
    };
    expect(await told('good.yaml')).toEqual(await told('-f', 'good.yaml'));
  });
});
