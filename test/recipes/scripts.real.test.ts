import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { bundleMain } from '../cli/program.ts';
import { startFaults } from '../servers/faults.ts';
import { idToken } from '../servers/issuer.ts';
import { products, servers } from '../servers/servers.ts';
import { type Workbench, workbench } from '../servers/workbench.ts';
import { github } from './pipelines/github.ts';
import { gitlab } from './pipelines/gitlab.ts';
import { type Identities, identitiesFor } from './pipelines/identities.ts';
import { binFolder, type CiServer, type Given, type JobName, type KnownJob, type Ran } from './pipelines/pipeline.ts';

const ciServers = {
  'github-actions.yml': {
    start: github,
    bound: (job: KnownJob) => ({ bound_subject: `repo:owner/repository:environment:vaultbind-${job}` }),
    ofPlan: { sub: 'repo:owner/repository:environment:vaultbind-plan' },
  },
  'gitlab-ci.yml': {
    start: gitlab,
    bound: (job: KnownJob) => ({ bound_claims: { project_path: 'group/project', environment: `vaultbind-${job}` } }),
    ofPlan: { project_path: 'group/project', environment: 'vaultbind-plan' },
  },
};

let program: Awaited<ReturnType<typeof bundleMain>>;
beforeAll(async () => {
  program = await bundleMain();
});
afterAll(() => program.remove());

function ceilingOf({ mount, namespace, policy, role, secret }: Workbench): string {
  return stringify({
    version: 1,
    auth: { paths: [mount], reviewers: [`${namespace}/vault-reviewer`], bindings: ['binding-*'] },
    policies: { names: [policy], paths: [{ path: `secret/data/${secret}`, capabilities: ['read'] }] },
    roles: { names: [role], service_accounts: [`${namespace}/my-sa`] },
    expect: { service_accounts: [`${namespace}/stranger`] },
  });
}

describe.each(products)('on %s', (product) => {
  describe.each(Object.entries(ciServers))('the scripts of recipes/ci/%s', (_file, { start, bound, ofPlan }) => {
    let bench: Workbench;
    let ci: CiServer;
    let identities: Identities;

    beforeAll(async () => {
      bench = await workbench(product);
      bench.write(bench.recipe());
      identities = await identitiesFor(bench, bound);
      ci = await start(bench.folder, binFolder(bench.folder, program.file));
    });
    afterAll(async () => {
      await ci.close();
      await identities.remove();
      await bench.remove();
    });

    const run = async (job: JobName, given: Partial<Given> = {}): Promise<Ran> => {
      const ran = await ci.run(job, {
        recipe: stringify(bench.recipe()),
        ceiling: ceilingOf(bench),
        vaultAddr: servers().vaults[product].address,
        kubeconfig: job === 'validate' ? '' : identities.kubeconfigs[job],
        claims: {},
        env: { VAULTBIND_LOGIN_PATH: identities.mount },
        ...given,
      });
      expect(await identities.tokens()).toBe(0);
      return ran;
    };
    const good = async (job: JobName): Promise<Ran> => {
      const ran = await run(job);
      expect(ran.exit, ran.output).toBe(0);
      return ran;
    };
    const junitOf = ({ checkout }: Ran) => readFileSync(join(checkout, 'reports/junit.xml'), 'utf8');
    const role = () => `auth/${bench.mount}/role/${bench.role}`;
    const ttlOf = async () => (await bench.vault('GET', role())).body?.data?.token_ttl;

    it('apply makes what plan saved, in another checkout and with another identity, and verify proves it', async () => {
      const planned = await good('plan');
      expect(junitOf(planned)).toContain('vaultbind plan');
      expect(planned.changes).not.toBe(false);
      expect(junitOf(await good('apply'))).toContain('vaultbind apply');
      expect(junitOf(await good('verify'))).toContain('vaultbind verify');
    });

    it('a token that was left behind would be seen', async () => {
      const jwt = idToken({ aud: servers().vaults[product].address, ...ofPlan });
      const { body } = await bench.vault('POST', `auth/${identities.mount}/login`, { role: 'vaultbind-plan', jwt });
      expect(await identities.tokens()).toBe(1);
      await bench.vault('POST', 'auth/token/revoke', { token: body.auth.client_token });
    });

    it('plan finds nothing more to do, and says so to the next job', async () => {
      expect((await good('plan')).changes).not.toBe(true);
    });

    it('what was changed by hand is put right by the same way', async () => {
      await bench.vault('POST', role(), { token_ttl: 77 });
      await good('plan');
      await good('apply');
      expect(await ttlOf()).toBe(3600);
    });

    it('apply refuses a plan that is stale, and writes nothing', async () => {
      await bench.vault('POST', role(), { token_ttl: 78 });
      await good('plan');
      await bench.vault('POST', role(), { token_ttl: 79 });
      const ran = await run('apply');
      expect(ran.exit, ran.output).toBe(1);
      expect(junitOf(ran)).toContain('type="plan-stale"');
      expect(await ttlOf()).toBe(79);
      await good('plan');
      await good('apply');
    });

    it('verify fails with what it found', async () => {
      const written = await bench.vault('GET', `sys/policies/acl/${bench.policy}`);
      await bench.vault('POST', `sys/policies/acl/${bench.policy}`, { policy: 'path "x" { capabilities = ["read"] }' });
      const ran = await run('verify');
      expect(ran.exit, ran.output).toBe(1);
      expect(junitOf(ran)).toContain('type="drift"');
      await bench.vault('POST', `sys/policies/acl/${bench.policy}`, { policy: written.body.data.policy });
    });

    const beyond = (): string => {
      const recipe = bench.recipe();
      const more = { name: 'another-policy', rules: [{ path: 'sys/policies/*', capabilities: ['update'] }] };
      return stringify({ ...recipe, policies: [...(recipe.policies ?? []), more] });
    };

    it('validate knows the ceiling, and in a fork does without any variable', async () => {
      const refused = await run('validate', { recipe: beyond() });
      expect(refused.exit, refused.output).toBe(3);
      expect(junitOf(refused)).toContain('type="ceiling-exceeded"');
      const before = ci.asked();
      const ran = await run('validate', { ceiling: '', vaultAddr: '', env: {} });
      expect(ran.exit, ran.output).toBe(0);
      expect(ci.asked()).toBe(before);
    });

    it.each(['plan', 'verify'] as const)('%s refuses a recipe beyond the ceiling, and asks nobody', async (job) => {
      const nobody = await startFaults();
      const before = ci.asked();
      const ran = await run(job, {
        recipe: beyond(),
        vaultAddr: nobody.url,
        kubeconfig: identities.kubeconfigs[job].replace(servers().kubernetes.server, nobody.url),
      });
      const { accepted } = nobody;
      await nobody.close();
      expect(ran.exit, ran.output).toBe(3);
      expect(junitOf(ran)).toContain('type="ceiling-exceeded"');
      expect([accepted(), ci.asked()]).toEqual([0, before]);
    });

    it.each(['plan', 'apply', 'verify'] as const)('%s does nothing where nobody has set a ceiling', async (job) => {
      const ran = await run(job, { ceiling: '' });
      expect(ran.exit, ran.output).toBe(3);
      expect(junitOf(ran)).toMatch(/type="ceiling-(invalid|unreadable)"/);
    });

    it('apply refuses a saved plan that is beyond the ceiling by now', async () => {
      const ran = await run('apply', { ceiling: ceilingOf(bench).replace(bench.policy, 'another-policy') });
      expect(ran.exit, ran.output).toBe(3);
      expect(junitOf(ran)).toContain('type="ceiling-exceeded"');
    });

    it('stops where another environment asks for the role', async () => {
      const ran = await run('apply', { claims: ofPlan });
      expect(ran.exit, ran.output).toBe(4);
      expect(junitOf(ran)).toContain('type="operator-login-refused"');
    });
  });
});
