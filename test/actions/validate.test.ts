import { Readable, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { run } from '../../src/main.ts';
import { recipe } from '../recipe/reading.ts';

async function validate(stdin: string, ...args: string[]) {
  let stdout = '';
  const sink = () =>
    new Writable({
      write(chunk, _encoding, done) {
        stdout += String(chunk);
        done();
      },
    });
  const exit = await run(['validate', '-f', '-', ...args], {
    env: { VAULTBIND_NAME: 'from-env', OPEN: 'from-flag' },
    cwd: '/',
    stdin: Readable.from([stdin]),
    stdout: sink(),
    stderr: sink(),
    signal: new AbortController().signal,
  });
  return { exit, stdout };
}

test('a recipe on standard input', async () => {
  const { exit, stdout } = await validate(recipe(), '-o', 'json');
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    command: 'validate',
    ok: true,
    recipe: { name: 'test', files: ['-'] },
    findings: [{ code: 'recipe-valid', status: 'ok', message: 'has no mistakes: 1 policy, 1 role, 1 login to prove' }],
  });
});

test('doubts are findings and no failure', async () => {
  const { exit, stdout } = await validate(recipe('policies: []'), '-o', 'json');
  expect(exit).toBe(0);
  expect(JSON.parse(stdout).findings[1]).toMatchObject({
    code: 'recipe-reference',
    status: 'warning',
    at: { file: '-' },
  });
});

test('every mistake at once, and exit 3', async () => {
  const { exit, stdout } = await validate(recipe('name: A', 'cluster: {hots: x}'));
  expect(exit).toBe(3);
  expect(stdout).toContain('-:2:7: ');
  expect(stdout).toContain('-:6:11: ');
});

test('names that are nearly right are told beside mistakes, and a misspelt key is one mistake', async () => {
  const policies = 'policies: [{name: myapp, rules: [{path: secret/data/a, capabilites: [read]}]}]';
  const roles = 'roles: [{name: app, service_accounts: [a/b], token_policies: [myap], audiense: vault}]';
  const { exit, stdout } = await validate(recipe(policies, roles));
  expect(exit).toBe(3);
  expect([...stdout.matchAll(/^-:\d+:\d+: (\w+) (\S+) {2}(\S+):/gm)].map(([, ...said]) => said)).toEqual([
    ['error', 'recipe-unknown-key', 'policies[myapp].rules[0].capabilites'],
    ['warning', 'recipe-reference', 'roles[app].token_policies[0]'],
    ['error', 'recipe-unknown-key', 'roles[app].audiense'],
  ]);
});

test('warnings are told as mistakes are, their subject once', async () => {
  const { stdout } = await validate(recipe('policies: []'));
  expect(stdout).toMatch(/^-:\d+:\d+: warning recipe-reference {2}roles\[app\]\.token_policies\[0\]: /m);
  expect(stdout.match(/roles\[app\]\.token_policies/g)).toHaveLength(1);
});

test('environment variables that start with VAULTBIND_, and those that --env allows', async () => {
  expect((await validate(recipe('name: ${env:VAULTBIND_NAME}'))).stdout).toContain('from-env');
  expect((await validate(recipe('name: ${env:OPEN}'))).exit).toBe(3);
  expect((await validate(recipe('name: ${env:OPEN}'), '--env', 'OPEN')).stdout).toContain('from-flag');
});
