import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { bundleProgram } from '../sandbox/bundled.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import { type Faults, startFaults } from '../servers/faults.ts';
import { vault } from '../servers/raw.ts';
import { products, servers, uniqueName } from '../servers/servers.ts';
import { watched } from '../servers/wire.ts';
import { type Bench, healthy } from './bench.ts';

async function scratchMounts(product: (typeof products)[number]): Promise<string[]> {
  const { body } = await vault(product, 'GET', 'sys/auth');
  return Object.keys(body.data).filter((path) => path.startsWith('vaultbind-probe-'));
}

/** Asks again and again until there is an answer; the test's own deadline ends it. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    await sleep(20);
  }
}

describe.each(products)('doctor --probe on %s', (product) => {
  let bench: Bench;
  /** In front of Vault: logins at scratch mounts take a second, so that there is something to interrupt. */
  let slow: Faults;
  let otherCa: string;
  beforeAll(async () => {
    slow = await startFaults({ target: servers().vaults[product].address });
    const when = ({ path }: { path: string }) => /vaultbind-probe-.*login$/.test(path);
    slow.inject({ fault: { kind: 'delay', milliseconds: 1000 }, times: Infinity, when });
    otherCa = (await createAuthority('other')).certificate;
  });
  afterAll(() => slow.close());
  afterEach(() => bench.remove());

  const probe = (...more: string[]) => bench.report('doctor', '-f', 'recipe.yaml', '--probe', '--no-monitor', ...more);

  const garbage = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.eA';
  const faults: [title: string, breakIt: () => Promise<void>, cause: string, rounds: number, certainty?: string][] = [
    [
      'the stored reviewer token',
      () => bench.config({ token_reviewer_jwt: garbage }),
      'reviewer-token-revoked',
      1,
      'likely',
    ],
    ["the role's token_bound_cidrs", () => bench.bind({ token_bound_cidrs: ['10.1.2.3/32'] }), 'cidr-not-bound', 2],
  ];

  it('works with a child token, which may make scratch mounts then', async () => {
    bench = await healthy(product);
    await bench.config({ token_reviewer_jwt: garbage });
    const report = await probe('--child-token');
    expect(report.causes[0]).toMatchObject({ cause: 'reviewer-token-revoked', certainty: 'likely' });
    expect(await scratchMounts(product)).toEqual([]);
  });

  it('names the stored host where the recipe has it too', async () => {
    bench = await healthy(
      product,
      (recipe) => void Object.assign(recipe, { cluster: { host: 'https://localhost:1' } }),
    );
    const report = await probe();
    expect(report.causes[0]).toMatchObject({ cause: 'host-unreachable', certainty: 'certain' });
    const probed = report.causes[0]?.evidence.filter(({ experiment }) => experiment === 'probe') ?? [];
    expect(probed.map(({ said }) => /the login goes through$/.test(said))).toEqual([false, true]);
  });

  const drifted: [title: string, fields: () => Record<string, string>, cause: string][] = [
    ['CA', () => ({ kubernetes_ca_cert: otherCa }), 'ca-mismatch'],
    ['host', () => ({ kubernetes_host: 'https://localhost:1' }), 'host-unreachable'],
  ];
  it.each(drifted)(
    'copies no %s that somebody else wrote: a reviewer would be shown there',
    async (_title, fields, cause) => {
      bench = await healthy(product);
      await bench.config(fields());
      const { result, sent } = await watched(() => probe());
      expect(result.causes[0]?.cause).toBe(cause);
      expect(sent.filter(({ path }) => /vaultbind-probe-|vault-reviewer\/token/.test(path))).toEqual([]);
    },
  );

  it.each(faults)(
    'names %s, by the round that goes through',
    async (_title, breakIt, cause, rounds, certainty = 'certain') => {
      bench = await healthy(product);
      await breakIt();
      const report = await probe();
      expect(report.causes[0]).toMatchObject({ cause, certainty });
      const probed = report.causes[0]?.evidence.filter(({ experiment }) => experiment === 'probe') ?? [];
      expect(probed).toHaveLength(rounds);
      expect(probed.at(-1)?.said).toMatch(/the login goes through$/);
      expect(await scratchMounts(product)).toEqual([]);
    },
  );

  it('finds the reviewer by --reviewer where there is no recipe', async () => {
    bench = await healthy(product);
    await bench.config({ token_reviewer_jwt: garbage });
    const flags = ['--mount', bench.mount, '--role', bench.role, '--probe', '--no-monitor'];
    const report = await bench.report('doctor', ...flags, '--reviewer', `${bench.namespace}/vault-reviewer`);
    expect(report.causes[0]).toMatchObject({ cause: 'reviewer-token-revoked', certainty: 'likely' });
    const unknown = await bench.report('doctor', ...flags);
    expect(unknown.findings.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^the probe: unknown, because nobody knows a good token reviewer/),
    );
  });

  it('makes nothing where the login works, or without the right to, and names the rule to ask for', async () => {
    bench = await healthy(product);
    expect((await probe()).causes).toEqual([]);
    await bench.config({ token_reviewer_jwt: garbage });
    const name = uniqueName('reader');
    const policy = `path "auth/+/config" { capabilities = ["read"] }\npath "auth/+/role/+" { capabilities = ["read"] }\npath "sys/auth" { capabilities = ["read"] }`;
    await bench.vault('POST', `sys/policies/acl/${name}`, { policy });
    const made = await bench.vault('POST', 'auth/token/create', { policies: [name], ttl: '1h' });
    const env = { ...bench.env, VAULT_TOKEN: made.body.auth.client_token };
    const args = ['doctor', '-f', 'recipe.yaml', '--probe', '--no-monitor', '-o', 'json'];
    const report = reportOf(await runCli(args, { env, cwd: bench.folder }));
    expect(report.findings.flatMap(({ fix }) => fix.map(({ why }) => why)).join('\n')).toContain(
      'path "sys/auth/vaultbind-probe-*" { capabilities = ["create", "update", "delete", "sudo"] }',
    );
    expect(await scratchMounts(product)).toEqual([]);
  });

  const args = ['doctor', '-f', 'recipe.yaml', '--probe', '--no-monitor', '-o', 'json'];
  const slowly = () => ({ env: { ...bench.env, VAULT_ADDR: slow.url }, cwd: bench.folder });

  it('removes its mount after Ctrl-C', async () => {
    bench = await healthy(product);
    await bench.config({ token_reviewer_jwt: garbage });
    const stop = new AbortController();
    const running = runCli(args, { ...slowly(), signal: stop.signal });
    await Promise.race([until(async () => (await scratchMounts(product))[0]), running]);
    stop.abort();
    expect((await running).exit).toBe(130);
    expect(await scratchMounts(product)).toEqual([]);
  });

  it('a killed one leaves its mount; doctor tells of it, and the next --probe removes it and no other', async () => {
    bench = await healthy(product);
    await bench.config({ token_reviewer_jwt: garbage });
    const program = await bundleProgram();
    const similar = 'vaultbind-probe-0123456789ab';
    await bench.vault('POST', `sys/auth/${similar}`, { type: 'kubernetes', description: 'somebody else made this' });
    try {
      const child = program.start(args, slowly());
      const left = await until(async () => (await scratchMounts(product)).find((path) => !path.startsWith(similar)));
      child.kill('SIGKILL');
      await new Promise((done) => child.once('exit', done));
      await bench.config();
      const looked = await bench.report('doctor', '-f', 'recipe.yaml');
      const subject = `sys/auth/${left.replace(/\/$/, '')}`;
      expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'probe-left', subject }));
      const cleaned = await probe();
      expect(cleaned.findings).toContainEqual(expect.objectContaining({ code: 'probe-removed', subject }));
      expect(await scratchMounts(product)).toEqual([`${similar}/`]);
    } finally {
      await bench.vault('DELETE', `sys/auth/${similar}`);
      await program.remove();
    }
  });
});
