import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretCauses } from '../../src/causes/suspicions/secret.ts';
import { finding, type Report, report } from '../../src/model/report.ts';
import { human } from '../../src/output/human.ts';
import { markdown } from '../../src/output/reports/markdown.ts';
import { examination, login } from '../causes/healthy.ts';
import { reported } from '../output/reports/reported.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import { type Faults, startFaults } from '../servers/faults.ts';

/**
 * Law: whatever a recipe, a file's name or a server says, a command that is pasted as it was shown runs our program with
 * our words, and nothing else. The inputs are the review's.
 */
const folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
const [bin, cwd, said] = [join(folder, 'bin'), join(folder, 'cwd'), join(folder, 'said')];
let server: Faults;

beforeAll(async () => {
  server = await startFaults();
  for (const each of [bin, cwd]) mkdirSync(each);
  for (const program of ['vault', 'vaultbind', 'kubectl', 'curl']) {
    writeFileSync(join(bin, program), `#!/bin/sh\nprintf '%s\\0' ${program} "$@" >>"$SAID"\n`);
    chmodSync(join(bin, program), 0o700);
  }
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** What bash makes of it: the words that our programs were given, VAULT_ADDR after it, and every file that came to be. */
function pasted(text: string) {
  const empty = mkdtempSync(join(folder, 'empty-'));
  writeFileSync(said, '');
  const env = { PATH: `${bin}:${process.env['PATH']}`, HOME: empty, SAID: said };
  const script = `${text}\nprintf %s "$VAULT_ADDR" >${join(folder, 'address')}`;
  execFileSync('bash', ['-c', script], { cwd: empty, env, stdio: 'ignore' });
  return {
    words: readFileSync(said, 'utf8').split('\0').slice(0, -1),
    address: readFileSync(join(folder, 'address'), 'utf8'),
    made: readdirSync(empty),
  };
}

const recipe = (more: string) =>
  `version: 1\nname: h7\nauth: {path: h7, reviewer: {mode: client_jwt, bind_clients: true}}
roles: [{name: r, service_accounts: [default/app], token_policies: [default], token_ttl: 10m, audience: vault}]\n${more}`;

async function cli(...args: string[]) {
  const kubeconfig = `{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: c, user: u}}],
    clusters: [{name: c, cluster: {server: "${server.url}"}}], users: [{name: u, user: {token: abcdefgh}}]}`;
  writeFileSync(join(cwd, 'kubeconfig'), kubeconfig);
  const env = { HOME: cwd, KUBECONFIG: join(cwd, 'kubeconfig'), VAULT_ADDR: server.url, VAULT_TOKEN: 'token-abcdefgh' };
  return await runCli(args, { env, cwd });
}

/** The commands of a run, the same in JSON, for a person and in a PR comment. */
async function shownBy(...args: string[]): Promise<string[]> {
  const result = reportOf(await cli(...args, '-o', 'json'));
  expectEverywhere(result, (await cli(...args)).stderr);
  return commandsOf(result);
}

const commandsOf = ({ findings }: Report) => findings.flatMap(({ fix }) => fix.flatMap(({ command }) => command ?? []));

function expectEverywhere(result: Report, forPerson: string): void {
  for (const text of commandsOf(result)) {
    expect(forPerson).toContain(` ${text}\n`);
    expect(markdown(reported(result))).toContain(`\n${text}\n`);
  }
}

describe('a command that is shown', () => {
  it('of the address in a recipe only sets that address', async () => {
    const address = `https://vault.example.com;touch$IFS'pwned'`;
    writeFileSync(join(cwd, 'address.yaml'), recipe(`vault: {address: "${address}"}`));
    const [command = '', ...more] = await shownBy('plan', '-f', 'address.yaml');
    expect(pasted(command)).toEqual({ words: [], address, made: [] });
    expect(more).toEqual([]);
  });

  it.each([
    'recipe.yaml;touch pwned;.yaml',
    '$(touch pwned).yaml',
    '`touch pwned`.yaml',
    "it's; touch pwned #.yaml",
    '-x.yaml',
  ])('of a recipe in the file %j names that file', async (file) => {
    writeFileSync(join(cwd, file), recipe(''));
    const [plan = '', apply = '', ...more] = await shownBy('apply', '-f', file);
    expect(pasted(plan)).toEqual({ words: ['vaultbind', 'plan', '-f', file], address: '', made: [] });
    expect(pasted(apply)).toEqual({ words: ['vaultbind', 'apply', '-f', file, '--yes'], address: '', made: [] });
    expect(more).toEqual([]);
  });

  it('of an address that a server redirects to only sets that address', async () => {
    const origin = 'http://standby;{touch,pwned}';
    server.inject({
      fault: { kind: 'answer', status: 307, body: '', headers: { location: `${origin}/v1/sys/health` } },
    });
    writeFileSync(join(cwd, 'recipe.yaml'), recipe(''));
    const commands = await shownBy('plan', '-f', 'recipe.yaml');
    expect(commands.join()).toContain('standby');
    for (const command of commands) expect(pasted(command)).toMatchObject({ made: [] });
    const [moved = ''] = commands.filter((command) => command.includes('standby'));
    expect(pasted(moved)).toEqual({ words: [], address: origin, made: [] });
  });

  it('of the path of a claim names that path', () => {
    const path = "secret/data/x;touch$IFS'pwned'";
    const { patient } = examination();
    const can = [{ capability: 'read', path, at: { file: '', line: 1, column: 1 } }];
    const answers = { [`GET ${path}`]: { status: 404, said: '' } };
    const capabilities = { [path]: ['read'] };
    const [cause] = secretCauses(
      examination({ patient: { ...patient, can }, login: login({ answers, capabilities }) }),
    );
    const { fix = [] } = cause ?? {};
    const one = finding({ code: 'secret-missing', subject: path, status: 'failed', message: 'x', fix });
    const result = report({ command: 'doctor', findings: [one] });
    expectEverywhere(result, human(result, { color: false, unicode: true, width: 100, wraps: false, verbose: false }));
    expect(commandsOf(result)).toEqual([]);
    const [{ why } = { why: '' }] = fix;
    const [, command = ''] = why.split('store it: ');
    const words = ['vault', 'kv', 'put', "secret/x;touch$IFS'pwned'", 'KEY=VALUE'];
    expect(pasted(command)).toEqual({ words, address: '', made: [] });
  });

  it('has no host of a cluster in it: such a recipe is refused', async () => {
    const host = `https://api.example.com;touch$IFS'pwned'`;
    writeFileSync(join(cwd, 'host.yaml'), recipe(`cluster: {host: "${host}"}`));
    expect(await shownBy('validate', '-f', 'host.yaml')).toEqual([]);
    expect((await cli('validate', '-f', 'host.yaml')).exit).toBe(3);
  });

  it('is none where a name holds what cannot be seen, and the sentence says so', async () => {
    const file = 'a\u202e\nb.yaml';
    writeFileSync(join(cwd, file), recipe(''));
    const result = reportOf(await cli('apply', '-f', file, '-o', 'json'));
    const fixes = result.findings.flatMap(({ fix }) => fix);
    expect(fixes).toHaveLength(2);
    for (const { why, command } of fixes)
      expect([command, why]).toEqual([undefined, expect.stringContaining('cannot be seen')]);
  });
});
