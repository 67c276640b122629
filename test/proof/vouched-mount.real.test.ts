import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { type Faults, startFaults } from '../servers/faults.ts';
import { kubernetes } from '../servers/raw.ts';
import { servers } from '../servers/servers.ts';
import { type Sent, watched } from '../servers/wire.ts';
import { type RecipeData, type Workbench, workbench } from '../servers/workbench.ts';

/**
 * Law: a recipe names no recipient. An auth method of somebody else passes tokens on to a host that he chose, so no token
 * is made for it, whoever asks; and none that is good for the API server itself goes to a mount that is not ours. Both
 * products have the same plugin, so one is enough.
 */
describe('an auth method of somebody else', () => {
  let bench: Workbench;
  let evil: Faults;
  let attackersCa: string;
  let mount: string;
  let account: string;
  beforeAll(async () => {
    bench = await workbench('openbao');
    mount = `team-${bench.mount}`;
    account = `${bench.namespace}/my-sa`;
    const authority = await createAuthority('attacker');
    attackersCa = authority.certificate;
    const { certificate, key } = await authority.issue({ use: 'server', commonName: 'api', ips: ['127.0.0.1'] });
    evil = await startFaults({ identity: { cert: certificate, key: key.reveal() } });
    await bench.vault('POST', `sys/auth/${mount}`, { type: 'kubernetes' });
    bench.write({
      version: 1,
      name: 'foreign',
      auth: { path: mount, manage: 'none' },
      expect: [{ role: 'any', service_account: account }],
    });
    const minted = await kubernetes('POST', `/api/v1/namespaces/${bench.namespace}/serviceaccounts/my-sa/token`, {
      spec: { expirationSeconds: 600 },
    });
    writeFileSync(join(bench.folder, 'token'), minted.body.status.token);
  });
  beforeEach(() => evil.seen.splice(0));
  afterAll(async () => {
    await bench.vault('DELETE', `sys/auth/${mount}`);
    await evil.close();
    await bench.remove();
  });

  const configure = (host: string, ca: string) =>
    bench.vault('POST', `auth/${mount}/config`, {
      ...{ kubernetes_host: host, kubernetes_ca_cert: ca, disable_local_ca_jwt: true },
    });
  const bind = (audience = '') =>
    bench.vault('POST', `auth/${mount}/role/any`, {
      ...{ bound_service_account_names: ['*'], bound_service_account_namespaces: ['*'], token_policies: ['default'] },
      audience,
    });
  const report = async (...args: string[]) => {
    const { result, sent } = await watched(() => bench.report(...args));
    return { ...result, minted: sent.filter(isMint).length, logins: sent.filter(isLogin).length };
  };
  const isMint = ({ method, path }: Sent) => method === 'POST' && /\/serviceaccounts\/[^/]+\/token$/.test(path);
  const isLogin = ({ path, body }: Sent) => path === `/v1/auth/${mount}/login` && !body.includes('no-such-role');
  /** The doctor's look at what answers there shows nothing. */
  const heard = () =>
    evil.seen
      .filter(({ path, headers, body }) => path !== '/version' || headers['authorization'] !== undefined || body !== '')
      .map(({ method, path }) => `${method} ${path}`);
  const byFlags = () => ['--mount', mount, '--role', 'any', '--service-account', account];
  const codes = ({ findings }: Awaited<ReturnType<typeof report>>) =>
    findings.filter(({ status }) => status !== 'ok').map(({ code }) => code);

  describe('that leads to its admin’s server', () => {
    beforeAll(async () => {
      await configure(evil.url, attackersCa);
      await bind();
    });

    it.each<[command: string, args: () => string[]]>([
      ['verify', () => ['verify', '-f', 'recipe.yaml']],
      ['apply', () => ['apply', '--yes', '--verify=all', '-f', 'recipe.yaml']],
      ['step login', () => ['step', 'login', '-f', 'recipe.yaml']],
      ['doctor', () => ['doctor', '-f', 'recipe.yaml']],
      ['doctor with flags', () => ['doctor', ...byFlags()]],
      ['doctor with a token', () => ['doctor', ...byFlags(), '--jwt-file', 'token']],
      ['verify for an account that may act', () => ['verify', '-f', 'recipe.yaml', '--mint-for', account]],
      ['verify with another host', () => ['verify', '-f', 'recipe.yaml', '--cluster-host', 'https://10.0.0.1']],
      ['verify with another mount', () => ['verify', '-f', 'recipe.yaml', '--trust-mount', bench.mount]],
    ])('gets nothing by %s, and is told to lead elsewhere', async (_command, args) => {
      const found = await report(...args());
      expect([found.exit, found.minted, found.logins, heard()]).toEqual([1, 0, 0, []]);
      const told = found.findings.find(({ code }) => code === 'mount-not-vouched');
      expect(told?.message).toContain(evil.url);
      expect(told?.fix.map(({ why }) => why).join()).toContain(`--trust-mount ${mount}`);
    });

    it('gets nothing where a recipe calls the mount its own', async () => {
      const { auth, ...own } = bench.recipe();
      bench.write({ ...own, auth: { ...auth, path: mount } }, 'own.yaml');
      const found = await report('verify', '-f', 'own.yaml');
      expect([found.exit, found.minted, found.logins, heard()]).toEqual([1, 0, 0, []]);
      expect(codes(found)).toContain('mount-not-vouched');
    });

    it('gets no token of the API server’s own although the mount is trusted', async () => {
      const found = await report('verify', '-f', 'recipe.yaml', '--trust-mount', mount);
      expect([found.exit, found.minted, found.logins, heard()]).toEqual([1, 0, 0, []]);
      expect(codes(found)).toContain('audience-not-minted');
    });

    it('gets one when the operator says both: so it would have heard the others', async () => {
      const words = ['--trust-mount', mount, '--mint-for', account];
      const found = await report('verify', '-f', 'recipe.yaml', ...words);
      expect([found.minted, found.logins]).toEqual([1, 1]);
      expect(heard()).toEqual(['POST /apis/authentication.k8s.io/v1/tokenreviews']);
    });
  });

  describe('that leads to the address of this cluster under its admin’s CA, which is another machine where Vault stands', () => {
    beforeAll(async () => {
      await configure(servers().kubernetes.server, attackersCa);
      await bind();
    });

    it.each<[command: string, args: () => string[]]>([
      ['verify', () => ['verify', '-f', 'recipe.yaml']],
      ['doctor', () => ['doctor', '-f', 'recipe.yaml']],
      ['doctor --probe', () => ['doctor', ...byFlags(), '--probe', '--reviewer', account]],
      ['doctor with a token', () => ['doctor', ...byFlags(), '--jwt-file', 'token']],
      ['verify for an account that may act', () => ['verify', '-f', 'recipe.yaml', '--mint-for', account]],
    ])('gets nothing by %s', async (_command, args) => {
      const found = await report(...args());
      expect([found.exit, found.minted, found.logins]).toEqual([1, 0, 0]);
      expect(found.findings.find(({ code }) => code === 'mount-not-vouched')?.message).toMatch(/another machine/);
    });
  });

  describe('that leads to this cluster', () => {
    beforeAll(() => configure(servers().kubernetes.server, servers().kubernetes.ca));

    it.each(['verify', 'doctor'])(
      'gets no token of the API server’s own by %s, and the ways out are named',
      async (command) => {
        await bind();
        const found = await report(command, '-f', 'recipe.yaml');
        expect([found.exit, found.minted, found.logins]).toEqual([1, 0, 0]);
        const told = found.findings.find(({ code }) => code === 'audience-not-minted');
        expect(told?.fix.map(({ why }) => why).join()).toMatch(/an audience of its own.*--mint-for wb-/);
      },
    );

    it.each<[how: string, auth: Record<string, unknown>]>([
      ['create, without a reviewer', { manage: 'create', reviewer: { mode: 'client_jwt' } }],
      ['full, without a reviewer', { manage: 'full', reviewer: { mode: 'client_jwt' } }],
      ['create', { manage: 'create' }],
      ['full', {}],
    ])('nor when a recipe calls it its own: %s', async (_how, auth) => {
      const role = { name: 'any', bound_service_account_names: ['*'], bound_service_account_namespaces: ['*'] };
      const roles = [{ ...role, token_policies: ['default'] }];
      const reviewer = { service_account: `${bench.namespace}/vault-reviewer` };
      const expected = [{ role: 'any', service_account: account }];
      const own = { version: 1, name: 'own', auth: { path: mount, reviewer, ...auth }, roles, expect: expected };
      bench.write(own as unknown as RecipeData, 'own.yaml');
      await bind();
      for (const command of ['verify', 'doctor']) {
        const found = await report(command, '-f', 'own.yaml');
        expect([found.exit, found.minted, found.logins]).toEqual([1, 0, 0]);
        const told = found.findings.find(({ code }) => code === 'audience-not-minted');
        expect(told?.fix.at(-1)?.command).toContain(`--mint-for ${account}`);
      }
    });

    it('gets none by --probe, of the account or of a reviewer, unless the operator says so', async () => {
      await bind();
      const found = await report('doctor', ...byFlags(), '--probe', '--reviewer', account);
      expect([found.exit, found.minted, found.logins]).toEqual([1, 0, 0]);
    });

    it('nor when its role names that audience', async () => {
      await bind('https://kubernetes.default.svc.cluster.local');
      const found = await report('verify', '-f', 'recipe.yaml');
      expect([found.exit, found.logins]).toEqual([1, 0]);
      expect(codes(found)).toContain('audience-not-minted');
    });

    it('gets one when the operator says so', async () => {
      await bind();
      const found = await report('doctor', ...byFlags(), '--mint-for', account);
      expect([found.minted, found.logins, codes(found)]).toEqual([
        1,
        1,
        expect.not.arrayContaining(['audience-not-minted']),
      ]);
    });

    it('gets one for an audience of its own', async () => {
      await bind('vault');
      const found = await report('doctor', ...byFlags());
      expect([found.logins, codes(found)]).toEqual([1, expect.not.arrayContaining(['audience-not-minted'])]);
    });
  });
});
