import { describe, expect, it } from 'vitest';
import { clusterPage } from '../../src/wizard/pages/cluster.ts';
import type { Now, Verdict } from '../../src/wizard/question.ts';

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
