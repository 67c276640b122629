import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/report.ts';
import { kubernetes } from '../servers/raw.ts';
import { products, uniqueName } from '../servers/servers.ts';
import { watched } from '../servers/wire.ts';
import { type RecipeData, type Workbench, workbench } from '../servers/workbench.ts';

/** What verify says of one expectation, on real servers. */
interface Case {
  title: string;
  /** Changes the recipe before it is applied. */
  recipe?(recipe: RecipeData, bench: Workbench): void;
  /** Done by hand between apply and verify. */
  byHand?(bench: Workbench): Promise<void>;
  /** Finding of the step login about the first expectation: status, code, a part of the message. */
  says: [status: string, code: string, message: string];
  /** Link of the chain marked as broken. */
  broken?: string;
  /** Findings of the step review-token as `status code`. */
  review?: string;
  exit: number;
}

const first = <T>(list: T[] | undefined): T => {
  const one = list?.[0];
  if (one === undefined) throw new Error('the recipe has none');
  return one;
};

const onlyExpect = (recipe: RecipeData, change: Record<string, unknown>) => {
  recipe.expect = [{ ...first(recipe.expect), ...change }];
};

const selectNamespaces = (recipe: RecipeData, names: string[]) => {
  const { service_accounts: _, ...role } = first(recipe.roles);
  const selector = '{"matchLabels":{"team":"a"}}';
  recipe.roles = [{ ...role, bound_service_account_names: names, bound_service_account_namespace_selector: selector }];
};

const writePolicy = (bench: Workbench, hcl: string) =>
  bench.vault('POST', `sys/policies/acl/${bench.policy}`, { policy: hcl }).then(() => undefined);

/** A JWT of an account that is gone, never shown to the API server before: its cache of good tokens does not know it. */
async function deadToken({ namespace }: Workbench): Promise<string> {
  const name = uniqueName('gone');
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await kubernetes('POST', accounts, { metadata: { name } });
  const answer = await kubernetes('POST', `${accounts}/${name}/token`, { spec: { expirationSeconds: 600 } });
  await kubernetes('DELETE', `${accounts}/${name}`);
  return answer.body.status.token;
}

const cases: Case[] = [
  {
    title: 'good',
    says: ['ok', 'in-place', 'logs in, access is as expected where it was tried, token revoked'],
    exit: 0,
  },
  {
    title: 'a policy that is too narrow',
    byHand: (bench) => writePolicy(bench, `path "secret/data/elsewhere" { capabilities = ["read"] }`),
    says: ['failed', 'access-denied', 'may not read secret/data/'],
    broken: 'policy',
    exit: 1,
  },
  {
    title: 'a policy that is too wide',
    byHand: (bench) => writePolicy(bench, `path "secret/data/*" { capabilities = ["read", "update"] }`),
    says: ['failed', 'access-too-wide', 'may read secret/data/other, update secret/data/'],
    broken: 'policy',
    exit: 1,
  },
  {
    title: 'a policy that denies beside the one that allows',
    byHand: async ({ vault, mount, role, policy, secret }) => {
      const deny = `path "secret/data/${secret}" { capabilities = ["deny"] }`;
      await vault('POST', `sys/policies/acl/${policy}-deny`, { policy: deny });
      await vault('POST', `auth/${mount}/role/${role}`, { token_policies: [policy, `${policy}-deny`] });
    },
    says: ['failed', 'access-denied', 'may not read secret/data/'],
    broken: 'policy',
    exit: 1,
  },
  {
    title: 'a path that is allowed and empty',
    byHand: async ({ secret, vault }) => {
      await vault('DELETE', `secret/metadata/${secret}`);
    },
    says: ['warning', 'secret-missing', 'allowed, but empty'],
    broken: 'secret',
    exit: 0,
  },
  {
    title: 'an account that must be refused and is',
    recipe: (recipe) => {
      recipe.expect = recipe.expect?.slice(1) ?? [];
    },
    says: ['ok', 'login-refused', 'service account name not authorized'],
    exit: 0,
  },
  {
    title: 'an account of another namespace that must be refused and is',
    recipe: (recipe, { namespace }) => {
      recipe.expect = [{ ...first(recipe.expect?.slice(1)), service_account: 'default/my-sa' }];
      first(recipe.roles)['service_accounts'] = [`${namespace}/my-sa`];
    },
    byHand: async () => {
      await kubernetes('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'my-sa' } });
    },
    says: ['ok', 'login-refused', 'namespace not authorized'],
    exit: 0,
  },
  {
    title: 'an account that must be refused and logs in',
    recipe: (recipe) => {
      recipe.expect = recipe.expect?.slice(1) ?? [];
    },
    byHand: async ({ vault, mount, role }) => {
      await vault('POST', `auth/${mount}/role/${role}`, { bound_service_account_names: ['my-sa', 'stranger'] });
    },
    says: ['failed', 'login-allowed', 'and the recipe says it must be refused'],
    exit: 1,
  },
  {
    title: 'an account that must be refused and is, because the role is gone',
    recipe: (recipe) => {
      recipe.expect = recipe.expect?.slice(1) ?? [];
    },
    byHand: async ({ vault, mount, role }) => {
      await vault('DELETE', `auth/${mount}/role/${role}`);
    },
    says: ['failed', 'login-refused-other', 'not because it is not bound'],
    exit: 1,
  },
  {
    title: 'an account that must be refused and is, because the reviewer may not read its namespace',
    recipe: (recipe) => {
      recipe.expect = recipe.expect?.slice(1) ?? [];
      selectNamespaces(recipe, ['my-sa', 'stranger']);
    },
    says: ['failed', 'login-refused-other', 'not because it is not bound'],
    exit: 1,
  },
  {
    title: 'a role whose namespace selector nobody may evaluate',
    recipe: (recipe) => {
      recipe.expect = recipe.expect?.slice(0, 1) ?? [];
      selectNamespaces(recipe, ['my-sa']);
    },
    says: ['failed', 'namespace-selector-unusable', 'failed to get namespace'],
    broken: 'role',
    exit: 1,
  },
  {
    title: 'a role that is gone',
    byHand: async ({ vault, mount, role }) => {
      await vault('DELETE', `auth/${mount}/role/${role}`);
    },
    says: ['failed', 'role-missing', 'invalid role name'],
    broken: 'role',
    exit: 1,
  },
  {
    title: 'an account that is gone',
    byHand: async ({ namespace }) => {
      await kubernetes('DELETE', `/api/v1/namespaces/${namespace}/serviceaccounts/my-sa`);
    },
    says: ['failed', 'service-account-missing', 'does not exist'],
    broken: 'service-account',
    exit: 1,
  },
  {
    title: 'an account that must be refused and is gone',
    recipe: (recipe) => {
      recipe.expect = recipe.expect?.slice(1) ?? [];
    },
    byHand: async ({ namespace }) => {
      await kubernetes('DELETE', `/api/v1/namespaces/${namespace}/serviceaccounts/stranger`);
    },
    says: ['warning', 'service-account-missing', 'its login was not tried'],
    exit: 0,
  },
  {
    title: 'a role with another audience',
    byHand: async ({ vault, mount, role }) => {
      await vault('POST', `auth/${mount}/role/${role}`, { audience: 'somebody-else' });
    },
    says: ['failed', 'audience-mismatch', 'audience'],
    broken: 'token',
    exit: 1,
  },
  {
    title: 'a role that binds another account',
    byHand: async ({ vault, mount, role }) => {
      await vault('POST', `auth/${mount}/role/${role}`, { bound_service_account_names: ['somebody-else'] });
    },
    says: ['failed', 'service-account-not-bound', 'service account name not authorized'],
    broken: 'role',
    exit: 1,
  },
  {
    title: 'a reviewer whose binding is gone',
    byHand: async ({ binding }) => {
      await kubernetes('DELETE', `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${binding}`);
    },
    says: ['failed', 'login-refused', 'permission denied'],
    broken: 'token-review',
    review: 'failed reviewer-forbidden',
    exit: 1,
  },
  {
    title: 'a stored reviewer token that is dead',
    byHand: async (bench) => {
      const { vault, mount } = bench;
      const { body } = await vault('GET', `auth/${mount}/config`);
      await vault('POST', `auth/${mount}/config`, { ...body.data, token_reviewer_jwt: await deadToken(bench) });
    },
    says: ['failed', 'login-refused', 'permission denied'],
    broken: 'token-review',
    review: 'ok in-place',
    exit: 1,
  },
  {
    title: 'a token Secret whose token was replaced by a dead one: the one that Vault has died with it',
    byHand: async (bench) => {
      const token = Buffer.from(await deadToken(bench)).toString('base64');
      const secret = `/api/v1/namespaces/${bench.namespace}/secrets/vault-reviewer-token`;
      expect((await kubernetes('PATCH', secret, { data: { token } })).status).toBe(200);
    },
    says: ['failed', 'login-refused', 'permission denied'],
    broken: 'token-review',
    review: 'failed reviewer-token-revoked',
    exit: 1,
  },
  {
    title: 'tokens without the default policy',
    recipe: (recipe) => {
      first(recipe.roles)['token_no_default_policy'] = true;
    },
    says: ['ok', 'in-place', 'token revoked'],
    exit: 0,
  },
  {
    title: 'batch tokens, which cannot be revoked',
    recipe: (recipe) => Object.assign(first(recipe.roles), { token_type: 'batch', token_ttl: '7m' }),
    says: ['warning', 'token-not-revoked', 'ends in 420 s by itself'],
    exit: 0,
  },
  {
    title: 'tokens that are good for one request',
    recipe: (recipe) => {
      first(recipe.roles)['token_num_uses'] = 1;
    },
    says: ['ok', 'in-place', 'logs in, access is as expected where it was tried, token revoked'],
    exit: 0,
  },
  {
    title: 'tokens that are good for two requests',
    recipe: (recipe) => {
      first(recipe.roles)['token_num_uses'] = 2;
    },
    says: ['ok', 'in-place', 'logs in, access is as expected where it was tried, token revoked'],
    exit: 0,
  },
  {
    title: 'an audience in client review, which cannot work',
    recipe: (recipe) => {
      recipe.auth = { path: recipe.auth['path'], reviewer: { mode: 'client_jwt', bind_clients: true } };
      recipe.expect = recipe.expect?.slice(0, 1) ?? [];
    },
    says: ['failed', 'client-review-audience', 'permission denied'],
    broken: 'token-review',
    exit: 1,
  },
];

describe.each(products)('verify on %s says of', (product) => {
  it.each(cases.map((one) => [one.title, one] as const))('%s', async (_title, one) => {
    const bench = await workbench(product);
    try {
      const recipe = bench.recipe();
      one.recipe?.(recipe, bench);
      bench.write(recipe);
      const applied = await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=none');
      expect(applied.exit, JSON.stringify(applied.findings)).toBe(0);
      await one.byHand?.(bench);
      const before = await objectsIn(bench);
      const verified = await bench.report('verify', '-f', 'recipe.yaml');
      const login = first(verified.findings.filter(({ step }) => step === 'login'));
      expect([login.status, login.code, login.message]).toEqual([
        one.says[0],
        one.says[1],
        expect.stringContaining(one.says[2]),
      ]);
      const weak = verified.chain.flatMap(({ links }) => links).find(({ status }) => /failed|warning/.test(status));
      expect(weak?.link).toBe(one.broken);
      if (weak) expect(weak.status).toBe(login.status);
      if (one.review) expect(reviews(verified.findings)).toEqual([one.review]);
      expect(verified.exit).toBe(one.exit);
      expect(await liveTokens(bench), 'Vault tokens left').toEqual([]);
      expect(await objectsIn(bench)).toEqual(before);
    } finally {
      await bench.remove();
    }
  });
});

function reviews(findings: Finding[]): string[] {
  return findings.filter(({ step }) => step === 'review-token').map(({ status, code }) => `${status} ${code}`);
}

/** Service tokens that came from a login at this mount and still live. */
async function liveTokens({ vault, mount }: Workbench): Promise<string[]> {
  const { body } = await vault('GET', 'auth/token/accessors?list=true');
  const looked = await Promise.all(
    (body.data.keys as string[]).map((accessor) => vault('POST', 'auth/token/lookup-accessor', { accessor })),
  );
  return looked
    .filter((one) => one.status === 200 && one.body.data.path === `auth/${mount}/login`)
    .map((one) => one.body.data.accessor);
}

/** Put into each new namespace by the control plane, a moment after it is made. */
const ofTheControlPlane = ['configmaps kube-root-ca.crt', 'serviceaccounts default'];

/** Names of all that a verify could leave behind in the bench's namespace. */
async function objectsIn({ namespace }: Workbench): Promise<string[]> {
  const kinds = ['serviceaccounts', 'secrets', 'configmaps', 'pods', 'events'];
  const lists = await Promise.all(kinds.map((kind) => kubernetes('GET', `/api/v1/namespaces/${namespace}/${kind}`)));
  const names = lists.flatMap(({ body }, index) =>
    (body.items as { metadata: { name: string } }[]).map(({ metadata }) => `${kinds[index]} ${metadata.name}`),
  );
  return names.filter((name) => !name.startsWith('events') && !ofTheControlPlane.includes(name)).sort();
}

describe.each(products)('access on %s', (product) => {
  let bench: Workbench;
  let tag: string;
  beforeAll(async () => {
    bench = await workbench(product);
    tag = uniqueName('engine');
    await bench.vault('POST', `sys/mounts/${tag}-v1`, { type: 'kv', options: { version: '1' } });
    await bench.vault('POST', `${tag}-v1/app`, { password: 'x' });
    await bench.vault('POST', `sys/mounts/${tag}-transit`, { type: 'transit' });
    await bench.vault('POST', `${tag}-transit/keys/k`, {});
  });
  afterAll(async () => {
    await bench.vault('DELETE', `sys/mounts/${tag}-v1`);
    await bench.vault('DELETE', `sys/mounts/${tag}-transit`);
    await bench.remove();
  });

  async function verifying(can: string[], rules: object[]) {
    const recipe = bench.recipe();
    recipe.policies = [{ name: bench.policy, rules }];
    onlyExpect(recipe, { can, cannot: undefined });
    bench.write(recipe);
    expect((await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=none')).exit).toBe(0);
    return await watched(() => bench.report('verify', '-f', 'recipe.yaml'));
  }

  it('reads and lists KV version 1 with a real request', async () => {
    const { result, sent } = await verifying(
      [`read ${tag}-v1/app`, `list ${tag}-v1/`],
      [
        { path: `${tag}-v1/app`, capabilities: ['read'] },
        { path: `${tag}-v1/`, capabilities: ['list'] },
      ],
    );
    expect(result.exit).toBe(0);
    expect(sent.map(({ path }) => path).filter((path) => path.startsWith(`/v1/${tag}-v1/`))).toEqual([
      `/v1/${tag}-v1/app`,
      `/v1/${tag}-v1/?list=1`,
    ]);
  });

  it('asks only for the capability where a read could mint or destroy', async () => {
    const { result, sent } = await verifying(
      [`read ${tag}-transit/keys/k`, `update secret/data/${bench.secret}`, `delete secret/data/${bench.secret}`],
      [
        { path: `${tag}-transit/keys/k`, capabilities: ['read'] },
        { path: `secret/data/${bench.secret}`, capabilities: ['update', 'delete'] },
      ],
    );
    expect([result.exit, first(result.findings.filter(({ step }) => step === 'login')).status]).toEqual([0, 'ok']);
    expect(sent.filter(({ path }) => path.startsWith(`/v1/${tag}-transit`) || path.startsWith('/v1/secret'))).toEqual(
      [],
    );
    expect(sent.some(({ path }) => path === '/v1/sys/capabilities-self')).toBe(true);
  });
});
