import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kubernetes } from '../servers/raw.ts';
import { products } from '../servers/servers.ts';
import { notable, type RecipeData, type Workbench, workbench } from '../servers/workbench.ts';
import { type Hand, handOf, watched } from './hand.ts';

interface Obstacle {
  what: string;
  /** Puts the obstacle there; may change the recipe. */
  put(scene: Scene): Promise<unknown>;
  code: string;
  /** Address of what is blocked. */
  at(scene: Scene): string;
  fix: RegExp;
  /** Kinds of objects that are made all the same. */
  made: (keyof Hand['address'])[];
  /** Kinds that are skipped, without a request. */
  skipped: (keyof Hand['address'])[];
}

interface Scene {
  bench: Workbench;
  hand: Hand;
  recipe: RecipeData;
}

const secretsUrl = ({ bench }: Scene) => `/api/v1/namespaces/${bench.namespace}/secrets`;
const bindingsUrl = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
const delegator = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' };
const apart = { kind: 'ServiceAccount', name: 'stranger', namespace: 'default' };

const obstacles: Obstacle[] = [
  {
    what: 'an auth method of another type at the path',
    put: ({ hand, bench }) => hand.done(bench.vault('POST', hand.address.mount, { type: 'userpass' })),
    code: 'auth-mount-wrong-type',
    at: ({ hand }) => hand.address.mount,
    fix: /choose another auth\.path/,
    made: ['policy', 'account', 'secret', 'binding'],
    skipped: ['config', 'role'],
  },
  {
    what: "a namespace that does not exist, the reviewer's",
    put: async ({ recipe, bench }) => {
      recipe.auth['reviewer'] = { service_account: `no-${bench.namespace}/vault-reviewer`, binding: bench.binding };
    },
    code: 'namespace-missing',
    at: ({ bench }) => `ServiceAccount no-${bench.namespace}/vault-reviewer`,
    fix: /kubectl create namespace no-/,
    made: ['mount', 'policy', 'binding', 'role'],
    skipped: ['config'],
  },
  {
    what: 'a binding of that name which is not ours and does not contain our subject',
    put: ({ hand, bench }) =>
      hand.done(
        kubernetes('POST', bindingsUrl, { metadata: { name: bench.binding }, roleRef: delegator, subjects: [apart] }),
      ),
    code: 'binding-foreign',
    at: ({ hand }) => hand.address.binding,
    fix: /auth\.reviewer\.binding/,
    made: ['mount', 'policy', 'account', 'secret', 'config', 'role'],
    skipped: [],
  },
  {
    what: 'a binding of ours whose subjects helm decides by now',
    put: ({ hand, bench }) =>
      hand.done(
        kubernetes('POST', `${bindingsUrl}?fieldManager=helm`, {
          metadata: { name: bench.binding, labels: { 'vaultbind.dev/recipe': 'test' } },
          roleRef: delegator,
          subjects: [apart],
        }),
      ),
    code: 'field-conflict',
    at: ({ hand }) => hand.address.binding,
    fix: /auth\.reviewer\.binding/,
    made: ['mount', 'policy', 'account', 'secret', 'config', 'role'],
    skipped: [],
  },
  {
    what: 'a binding of that name to another ClusterRole, even with our subject',
    put: ({ hand, bench }) =>
      hand.done(
        kubernetes('POST', bindingsUrl, {
          metadata: { name: bench.binding },
          roleRef: { ...delegator, name: 'view' },
          subjects: [{ kind: 'ServiceAccount', name: 'vault-reviewer', namespace: bench.namespace }],
        }),
      ),
    code: 'binding-role-immutable',
    at: ({ hand }) => hand.address.binding,
    fix: /kubectl delete clusterrolebinding/,
    made: ['mount', 'policy', 'account', 'secret', 'config', 'role'],
    skipped: [],
  },
  {
    what: 'a Secret of another type in the place of the token Secret',
    put: (scene) =>
      scene.hand.done(
        kubernetes('POST', secretsUrl(scene), {
          metadata: { name: 'vault-reviewer-token' },
          data: { token: Buffer.from('not-a-token').toString('base64') },
        }),
      ),
    code: 'token-secret-wrong-type',
    at: ({ hand }) => hand.address.secret,
    fix: /auth\.reviewer\.token_secret/,
    made: ['mount', 'policy', 'account', 'binding', 'role'],
    skipped: ['config'],
  },
  {
    what: "another account's token Secret in the place of ours",
    put: async (scene) => {
      await scene.hand.done(
        kubernetes('POST', secretsUrl(scene), {
          metadata: {
            name: 'vault-reviewer-token',
            annotations: { 'kubernetes.io/service-account.name': 'stranger' },
          },
          type: 'kubernetes.io/service-account-token',
        }),
      );
      // The token controller's own write comes a moment later.
      await vi.waitUntil(async () => (await kubernetes('GET', scene.hand.url.secret)).body.data?.token);
    },
    code: 'token-secret-wrong-type',
    at: ({ hand }) => hand.address.secret,
    fix: /auth\.reviewer\.token_secret/,
    made: ['mount', 'policy', 'account', 'binding', 'role'],
    skipped: ['config'],
  },
];

describe.each(products)('what stands in the way is named and never touched, on %s', (product) => {
  let scene: Scene;
  beforeEach(async () => {
    const bench = await workbench(product);
    scene = { bench, hand: handOf(bench), recipe: bench.recipe() };
  });
  afterEach(() => scene.bench.remove());

  it.each(obstacles)('$what', async ({ put, code, at, fix, made, skipped }) => {
    const { bench, hand, recipe } = scene;
    await put(scene);
    bench.write(recipe);
    const before = await hand.world();
    const subject = at(scene);

    const plan = await watched(bench, 'plan', '-f', 'recipe.yaml');
    expect(plan.exit).toBe(1);
    const blocked = plan.report.findings.filter(({ status }) => status === 'blocked');
    expect(blocked.map((one) => [one.code, one.subject])).toEqual([[code, subject]]);
    expect(JSON.stringify(blocked[0]?.fix)).toMatch(fix);
    const left = plan.report.findings.filter(({ status }) => status === 'skipped').map((one) => one.subject);
    expect(left).toEqual(expect.arrayContaining(skipped.map((kind) => hand.address[kind])));
    // Not even looked at: what holds them is not as it must be.
    for (const kind of skipped)
      expect(plan.requests.filter((line) => line.endsWith(`/${hand.address[kind]}`))).toEqual([]);

    const apply = await watched(bench, 'apply', '-f', 'recipe.yaml', '--yes');
    expect(apply.exit).toBe(1);
    expect(notable(apply.report)).toContain(`blocked ${code} ${subject}`);
    const created = apply.report.findings.filter(({ status }) => status === 'created').map((one) => one.subject);
    expect(created.sort()).toEqual(made.map((kind) => hand.address[kind]).sort());
    const after = await hand.world();
    expect(after[subject]).toEqual(before[subject]);
    for (const kind of skipped) expect(after[hand.address[kind]]).toEqual(before[hand.address[kind]]);

    const again = await watched(bench, 'apply', '-f', 'recipe.yaml', '--yes');
    expect(again.exit).toBe(1);
    expect(again.writes).toEqual([]);
  });
});
