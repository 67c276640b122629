import { describe, expect, it } from 'vitest';
import { accountsPage } from '../../src/wizard/pages/accounts.ts';
import { clusterPage } from '../../src/wizard/pages/cluster.ts';
import { expectPage } from '../../src/wizard/pages/expect.ts';
import { reviewerQuestions } from '../../src/wizard/pages/reviewer.ts';
import type { Now, Verdict } from '../../src/wizard/question.ts';
import { nowOf } from './look.ts';

const host = clusterPage.questions.find(({ path }) => path.join('.') === 'cluster.host');

/** Judged by the address alone, so nothing is asked of a server. */
const judge = async (vault: string, value: string) =>
  kindOf(await host?.judge?.(value, { vault: { address: vault } } as Now, []));

const kindOf = (verdict: Verdict | undefined) => (verdict === undefined ? 'good' : Object.keys(verdict)[0]);

describe('the API address', () => {
  it.each([
    ['https://vault.example.com:8200', 'https://127.0.0.1:6443', 'warning'],
    ['https://vault.example.com:8200', 'https://localhost:6443', 'warning'],
    ['https://vault.example.com:8200', 'https://[::1]:6443', 'warning'],
    ['https://vault.example.com:8200', 'https://10.0.0.1:6443', 'good'],
    ['http://127.0.0.1:8200', 'https://127.0.0.1:6443', 'good'],
    ['http://127.0.0.1:8200', 'http://10.0.0.1:8080', 'warning'],
    ['http://127.0.0.1:8200', '10.0.0.1:6443', 'wrong'],
    ['http://127.0.0.1:8200', '', 'wrong'],
  ])('for the Vault at %s, %s is %s', async (vault, value, kind) => {
    expect(await judge(vault, value)).toBe(kind);
  });
});

describe('an account', () => {
  const asking = [...accountsPage(0).questions, ...reviewerQuestions(() => true), ...expectPage(0).questions].filter(
    ({ flag }) => flag.endsWith('<namespace/name>'),
  );
  const now = nowOf({}, {}, { namespaceExists: async (name) => name === 'default' });
  const [whoLogsIn] = asking;

  it.each(asking.map((question) => [question.flag, question] as const))(
    'of %s is spelt as Kubernetes does, and no command is said that it would refuse',
    async (_flag, { judge: judged }) => {
      const said = await Promise.all(
        ['Default/X', 'de_fault/x', 'default/X_y', 'default'].map((one) => judged?.(one, now, [])),
      );
      expect(said).toEqual([
        { wrong: expect.stringContaining('namespace is lower case'), instead: 'default/x' },
        { wrong: expect.stringContaining('namespace is lower case') },
        { wrong: expect.stringContaining('ServiceAccount is lower case') },
        { wrong: 'write it namespace/name' },
      ]);
    },
  );

  it.each([
    [
      'defualt/x',
      'the namespace defualt does not exist; did you mean "default"? Else: kubectl create namespace defualt',
    ],
    ['payments/x', 'the namespace payments does not exist: kubectl create namespace payments'],
  ])('%s: %s', async (value, wrong) => expect(await whoLogsIn?.judge?.(value, now, [])).toEqual({ wrong }));
});
