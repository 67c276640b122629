import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shells } from '../../src/output/completion.ts';
import { steps } from '../../src/steps/index.ts';
import { runCli } from '../servers/cli.ts';
import { type Conversation, converseWith } from '../servers/conversation.ts';

const printed = (shell: string) => runCli(['completion', shell], { env: {}, cwd: tmpdir() });
const project = join(import.meta.dirname, '../..');

/** Keys of a person who asks bash for more. */
const tab = '\t';

describe('in an interactive bash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vaultbind-completion-'));
  let bash: Conversation;
  let asked = 0;

  beforeAll(async () => {
    writeFileSync(join(folder, 'completion.bash'), (await printed('bash')).stdout);
    mkdirSync(join(folder, 'recipes'));
    mkdirSync(join(folder, 'bin'));
    for (const file of ['recipes/article.yaml', 'my recipe.yaml', 'recipes/ca file.pem'])
      writeFileSync(join(folder, file), '');
    const names = ['kind-one', 'arn:aws:eks:eu-west-1:12:cluster/shop', 'my context'];
    writeFileSync(join(folder, 'kubeconfig'), kubeconfig(names));
    writeFileSync(
      join(folder, 'bin/vaultbind'),
      `#!/bin/sh\nexec '${process.execPath}' '${project}/bin/vaultbind.js' "$@"\n`,
    );
    chmodSync(join(folder, 'bin/vaultbind'), 0o755);
    const env = { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, PS1: '> ', HOME: folder, MY_VARIABLE: 'x' };
    bash = converseWith('bash', ['--norc', '--noprofile', '-i'], { cwd: folder, env, columns: 400 });
    bash.press(
      "bind 'set bell-style none' 'set completion-query-items 0' 'set page-completions off'; source completion.bash\r",
    );
  });
  afterAll(() => {
    bash.kill();
    rmSync(folder, { recursive: true });
  });

  /** The line as it stands after the keys; as bash would take it apart. */
  async function lineAfter(keys: string): Promise<string> {
    asked += 1;
    // The line is not run: it goes to printf, which shows where words end.
    bash.press(`${keys}\u0001printf '[%s]' 'after ${asked}:' \u0005;echo\r`);
    await bash.until(`[after ${asked}:]`);
    await bash.until('\n');
    const [, line = ''] = new RegExp(`^\\[after ${asked}:\\](.*)$`, 'm').exec(bash.screen()) ?? [];
    return line;
  }

  it.each<[keys: string, words: string[]]>([
    ['vaultbind pl\t', ['plan']],
    ['vaultbind step bind-r\t', ['step', 'bind-role']],
    ['vaultbind plan --detailed\t', ['plan', '--detailed-exitcode']],
    // A folder gets a slash and no blank, so that the next key goes on in it.
    ['vaultbind plan -f reci\tart\t', ['plan', '-f', 'recipes/article.yaml']],
    ['vaultbind plan --file=reci\tart\t', ['plan', '--file=recipes/article.yaml']],
    ['vaultbind plan -f my\t', ['plan', '-f', 'my recipe.yaml']],
    ['vaultbind plan -f "my\t', ['plan', '-f', 'my recipe.yaml']],
    ['vaultbind init --api-ca recipes/ca\t', ['init', '--api-ca', 'recipes/ca file.pem']],
    ['vaultbind validate my\t', ['validate', 'my recipe.yaml']],
    ['vaultbind apply --only bind-d\t', ['apply', '--only', 'bind-delegator']],
    ['vaultbind apply --skip=log\t', ['apply', '--skip=login']],
    ['vaultbind doctor --explain audience-m\t', ['doctor', '--explain', 'audience-mismatch']],
    ['vaultbind explain plan-st\t', ['explain', 'plan-stale']],
    ['vaultbind plan --vault-login ap\t', ['plan', '--vault-login', 'approle']],
    ['vaultbind plan -o j\t', ['plan', '-o', 'json']],
    ['vaultbind plan --output=j\t', ['plan', '--output=json']],
    // A kind goes on with its file.
    ['vaultbind plan --report ju\tmy\t', ['plan', '--report', 'junit=my recipe.yaml']],
    ['vaultbind plan --report=sar\treci\tart\t', ['plan', '--report=sarif=recipes/article.yaml']],
    [
      'vaultbind plan --kubeconfig kubeconfig --context kind\t',
      ['plan', '--kubeconfig', 'kubeconfig', '--context', 'kind-one'],
    ],
    [
      'vaultbind plan --kubeconfig kubeconfig --context arn:aws:e\t',
      ['plan', '--kubeconfig', 'kubeconfig', '--context', 'arn:aws:eks:eu-west-1:12:cluster/shop'],
    ],
    [
      'vaultbind plan --kubeconfig=kubeconfig --context my\t',
      ['plan', '--kubeconfig=kubeconfig', '--context', 'my context'],
    ],
    ['vaultbind plan --env MY_VAR\t', ['plan', '--env', 'MY_VARIABLE']],
    ['vaultbind sandbox up --vault hash\t', ['sandbox', 'up', '--vault', 'hashicorp']],
    ['vaultbind init --create-service-accounts y\t', ['init', '--create-service-accounts', 'yes']],
    ['vaultbind help exi\t', ['help', 'exit-codes']],
    ['vaultbind completion fi\t', ['completion', 'fish']],
    // Nothing is known of these, and no file is meant.
    ['vaultbind plan --timeout reci\t', ['plan', '--timeout', 'reci']],
    ['vaultbind doctor --secret reci\t', ['doctor', '--secret', 'reci']],
  ])('%j becomes %j', async (keys, words) => {
    expect(await lineAfter(keys)).toBe(['vaultbind', ...words].map((word) => `[${word}]`).join(''));
  });

  it('shows all steps where one is wanted', async () => {
    bash.press(`vaultbind apply --only ${tab}${tab}`);
    for (const { name } of steps.toSorted((a, b) => a.name.localeCompare(b.name))) await bash.until(name);
    bash.press('\u0015');
    expect(await lineAfter('vaultbind')).toBe('[vaultbind]');
  });
});

describe('completion', () => {
  it.each(shells)('prints a script for %s that names every command', async (shell) => {
    const { exit, stdout, stderr } = await printed(shell);
    expect([exit, stderr]).toEqual([0, '']);
    for (const command of ['init', 'plan', 'apply', 'verify', 'doctor', 'sandbox']) expect(stdout).toContain(command);
    for (const { name } of steps) expect(stdout).toContain(name);
    expect(stdout).toContain('completion contexts');
  });

  it('names the shells there are', async () => {
    const { exit, stderr } = await printed('tcsh');
    expect(exit).toBe(3);
    expect(stderr).toMatch(/bash, zsh, fish/);
  });

  it('says nothing of contexts where there is no kubeconfig', async () => {
    const { exit, stdout } = await runCli(['completion', 'contexts'], { env: { HOME: '/nowhere' }, cwd: tmpdir() });
    expect([exit, stdout]).toEqual([0, '']);
  });
});

function kubeconfig(names: string[]): string {
  const contexts = names.map((name) => ({ name, context: { cluster: 'c', user: 'u' } }));
  return JSON.stringify({ apiVersion: 'v1', kind: 'Config', contexts, clusters: [], users: [] });
}
