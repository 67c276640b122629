import { expect, test } from 'vitest';
import { createVaultMemory } from '../../src/vault/memory.ts';

const everything = [
  'read sys/auth',
  'read sys/auth/kube',
  'read sys/auth/other',
  'read sys/internal/ui/mounts/auth/kube',
  'read auth/kube/config',
  'read auth/kube/role/app',
  'read auth/kube/role/app-2',
  'list auth/kube/role',
  'read auth/kube2/role/app',
  'read sys/policies/acl/app',
  'list sys/policies/acl',
];

/** The reads that a write to `path` makes go to the server again. */
async function askedAgain(path: string): Promise<string[]> {
  const memory = createVaultMemory<string>();
  const asked: string[] = [];
  const readAll = () =>
    Promise.all(
      everything.map((key) =>
        memory.once(key, async () => {
          asked.push(key);
          return key;
        }),
      ),
    );
  await readAll();
  asked.length = 0;
  memory.forget(path);
  await readAll();
  return asked;
}

test.each([
  ['auth/kube/role/app', ['read auth/kube/role/app', 'list auth/kube/role']],
  ['auth/kube/role/APP', ['read auth/kube/role/app', 'list auth/kube/role']],
  ['auth/kube/config', ['read auth/kube/config']],
  ['sys/policies/acl/app', ['read sys/policies/acl/app', 'list sys/policies/acl']],
  [
    'sys/auth/kube',
    [
      'read sys/auth',
      'read sys/auth/kube',
      'read sys/auth/other',
      'read sys/internal/ui/mounts/auth/kube',
      'read auth/kube/config',
      'read auth/kube/role/app',
      'read auth/kube/role/app-2',
      'list auth/kube/role',
    ],
  ],
])('a write to %s', async (path, expected) => expect(await askedAgain(path)).toEqual(expected));

test('tuning a mount is a write to it', async () => {
  const tuned = await askedAgain('sys/mounts/auth/kube/tune');
  expect(tuned).toEqual(await askedAgain('sys/auth/kube'));
  expect(await askedAgain('sys/auth/kube/tune')).toEqual(tuned);
});

test('the same read at the same time is one; a failure is not remembered', async () => {
  const memory = createVaultMemory<number>();
  let runs = 0;
  const fail = async () => {
    runs++;
    throw new Error('no');
  };
  const both = await Promise.allSettled([memory.once('read x', fail), memory.once('read x', fail)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(runs).toBe(1);
  expect(await memory.once('read x', async () => 2)).toBe(2);
  memory.forgetAll();
  expect(await memory.once('read x', async () => 3)).toBe(3);
});
