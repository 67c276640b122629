import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { shells } from '../../src/output/completion.ts';
import { runCli } from '../servers/cli.ts';

const printed = (shell: string) => runCli(['completion', shell], { env: {}, cwd: tmpdir() });

/** What bash would offer behind these words, the last of them not finished. */
function offered(script: string, words: string[]): string[] {
  const ask = 'eval "$(cat)"; COMP_WORDS=(vaultbind "$@"); COMP_CWORD=$#; _vaultbind; printf "%s\\n" "${COMPREPLY[@]}"';
  const text = execFileSync('bash', ['-c', ask, 'bash', ...words], {
    input: script,
    encoding: 'utf8',
    cwd: import.meta.dirname,
  });
  return text.split('\n').filter((line) => line !== '');
}

describe('completion', () => {
  let script = '';
  beforeAll(async () => {
    script = (await printed('bash')).stdout;
  });

  it.each<[words: string[], has: string[]]>([
    [['pl'], ['plan']],
    [
      ['sandbox', ''],
      ['up', 'status', 'env', 'down', 'demo'],
    ],
    [
      ['sandbox', 'up', '--vault', ''],
      ['openbao', 'hashicorp', 'none'],
    ],
    [
      ['step', 'bind-'],
      ['bind-delegator', 'bind-role'],
    ],
    [
      ['plan', '-o', ''],
      ['human', 'json'],
    ],
    [['plan', '--detailed'], ['--detailed-exitcode']],
    [['apply', '-f', 'completion.t'], ['completion.test.ts']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
  ])('bash behind %j offers %j', (words, has) => {
    const all = offered(script, words);
    if (words.at(-1)?.includes('.')) expect(all).toEqual(expect.arrayContaining(has));
    else expect(all).toEqual(has);
  });

  it.each(shells)('prints a script for %s that names every command', async (shell) => {
    const { exit, stdout, stderr } = await printed(shell);
    expect([exit, stderr]).toEqual([0, '']);
    for (const command of ['init', 'plan', 'apply', 'verify', 'doctor', 'sandbox']) expect(stdout).toContain(command);
  });

  it('names the shells there are', async () => {
    const { exit, stderr } = await printed('tcsh');
    expect(exit).toBe(3);
    expect(stderr).toMatch(/bash, zsh, fish/);
  });
});
