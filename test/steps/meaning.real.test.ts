import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { products, servers } from '../servers/servers.ts';
import { type RecipeData, type Workbench, workbench } from '../servers/workbench.ts';
import { type Hand, handOf, pending, watched } from './hand.ts';

describe.each(products)('what a policy means is compared, not how it is written, on %s', (product) => {
  let bench: Workbench;
  let hand: Hand;
  beforeEach(async () => {
    bench = await workbench(product);
    hand = handOf(bench);
    const recipe = bench.recipe();
    recipe.policies = [{ name: bench.policy, rules: rules(bench) }];
    bench.write(recipe);
    expect((await bench.report('apply', '-f', 'recipe.yaml', '--yes')).exit).toBe(0);
  });
  afterEach(() => bench.remove());

  const same: [what: string, text: (bench: Workbench) => string][] = [
    ['comments', (bench) => `# by hand\n${hcl(bench)} // the end\n/* all */`],
    ['the order of blocks', ({ secret }) => `${listing(secret)}\n${reading(secret)}`],
    [
      'spaces, and capabilities in another order',
      ({ secret }) =>
        `path   "secret/data/${secret}"{capabilities=["read",]}\npath "secret/metadata/${secret}" { capabilities = ["read", "list"] }`,
    ],
    [
      'JSON',
      ({ secret }) =>
        JSON.stringify({
          path: {
            [`secret/data/${secret}`]: { capabilities: ['read'] },
            [`secret/metadata/${secret}`]: { capabilities: ['list', 'read'] },
          },
        }),
    ],
  ];
  it.each(same)('%s: no change, and the text stays as the hand left it', async (_, text) => {
    await hand.done(bench.vault('POST', hand.address.policy, { policy: text(bench) }));
    const plan = await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode');
    expect(pending(plan)).toEqual({});
    const apply = await watched(bench, 'apply', '-f', 'recipe.yaml', '--yes');
    expect(apply.exit).toBe(0);
    expect(apply.writes).toEqual([]);
    expect((await bench.vault('GET', hand.address.policy)).body.data.policy).toBe(text(bench));
  });

  const others: [what: string, text: (bench: Workbench) => string][] = [
    ['a capability more', ({ secret }) => `${reading(secret).replace('"read"', '"read", "list"')}\n${listing(secret)}`],
    ['a block less', ({ secret }) => reading(secret)],
    ['deny beside read', (bench) => `${hcl(bench)}\npath "secret/data/${bench.secret}" { capabilities = ["deny"] }`],
    ['a path that differs by case', (bench) => hcl(bench).replaceAll('secret/data', 'Secret/data')],
    ['text that means nothing', () => '# empty'],
  ];
  it.each(others)('%s: a change', async (_, text) => {
    await hand.done(bench.vault('POST', hand.address.policy, { policy: text(bench) }));
    const plan = await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode');
    expect(Object.keys(pending(plan))).toEqual([hand.address.policy]);
    const apply = await watched(bench, 'apply', '-f', 'recipe.yaml', '--yes');
    expect(apply.exit).toBe(0);
    expect(apply.writes).toEqual([expect.stringMatching(new RegExp(`^(POST|PUT) /v1/${hand.address.policy}$`))]);
  });
});

const reading = (secret: string) => `path "secret/data/${secret}" { capabilities = ["read"] }`;
const listing = (secret: string) => `path "secret/metadata/${secret}" { capabilities = ["list", "read"] }`;
const hcl = ({ secret }: Workbench) => `${reading(secret)}\n${listing(secret)}`;
const rules = ({ secret }: Workbench) => [
  { path: `secret/data/${secret}`, capabilities: ['read'] },
  { path: `secret/metadata/${secret}`, capabilities: ['list', 'read'] },
];

/** Fields of a recipe and what each goes back to once the recipe does not say it any more. */
const ofRole: [field: string, said: unknown, stored: unknown, cleared: unknown][] = [
  ['token_ttl', '1h', 3600, 0],
  ['token_max_ttl', '2h', 7200, 0],
  ['token_explicit_max_ttl', '3h', 10800, 0],
  ['token_period', '30m', 1800, 0],
  ['token_num_uses', 20, 20, 0],
  ['token_no_default_policy', true, true, false],
  ['token_bound_cidrs', ['127.0.0.0/8'], ['127.0.0.0/8'], []],
  ['audience', 'vault', 'vault', ''],
  ['alias_name_source', 'serviceaccount_name', 'serviceaccount_name', 'serviceaccount_uid'],
  ['token_type', 'service', 'service', 'default'],
];

const ofConfig: [field: string, said: () => unknown, cleared: unknown][] = [
  ['issuer', () => 'https://kubernetes.default.svc.cluster.local', ''],
  ['disable_iss_validation', () => false, true],
  ['pem_keys', () => [signingKey()], []],
];

function signingKey(): string {
  const key = createPublicKey(readFileSync(servers().kubernetes.serviceAccountKeyFile, 'utf8'));
  return key.export({ type: 'spki', format: 'pem' }).toString().trim();
}

describe.each(products)('what a recipe does not say any more goes back to its default, on %s', (product) => {
  let bench: Workbench;
  let hand: Hand;
  beforeEach(async () => {
    bench = await workbench(product);
    hand = handOf(bench);
  });
  afterEach(() => bench.remove());

  const withRole = (recipe: RecipeData, fields: Record<string, unknown>): RecipeData => {
    const { name, service_accounts, token_policies } = recipe.roles?.[0] ?? {};
    return { ...recipe, roles: [{ name, service_accounts, token_policies, ...fields }] };
  };

  it('every field of the role, one after the other', async () => {
    const recipe = bench.recipe();
    delete recipe.expect;
    for (const [field, said, stored, cleared] of ofRole) {
      bench.write(withRole(recipe, { [field]: said }));
      expect((await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=all')).exit, field).toBe(0);
      bench.write(withRole(recipe, {}));
      const plan = await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode');
      expect(pending(plan)).toEqual({ [hand.address.role]: { [field]: [stored, cleared] } });
      expect((await bench.report('apply', '-f', 'recipe.yaml', '--yes')).exit, field).toBe(0);
      expect((await bench.vault('GET', hand.address.role)).body.data[field] ?? cleared).toEqual(cleared);
      expect((await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode')).exit, field).toBe(0);
    }
  });

  it('the policies of the role', async () => {
    const recipe = bench.recipe();
    delete recipe.expect;
    bench.write(recipe);
    await bench.report('apply', '-f', 'recipe.yaml', '--yes');
    const { token_policies: _, ...role } = recipe.roles?.[0] ?? {};
    bench.write({ ...recipe, roles: [role] });
    const plan = await bench.report('plan', '-f', 'recipe.yaml');
    expect(pending(plan)).toEqual({ [hand.address.role]: { token_policies: [[bench.policy], []] } });
    expect((await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=all')).exit).toBe(0);
    expect((await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode')).exit).toBe(0);
  });

  it('every further field of the config, one after the other, and the login still happens', async () => {
    const recipe = bench.recipe();
    for (const [field, said, cleared] of ofConfig) {
      bench.write({ ...recipe, auth: { ...recipe.auth, config: { [field]: said() } } });
      const applied = await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=all');
      expect(applied.exit, field).toBe(0);
      bench.write(recipe);
      const plan = await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode');
      expect(pending(plan)).toEqual({ [hand.address.config]: { [field]: [said(), cleared] } });
      expect((await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=all')).exit, field).toBe(0);
      expect((await bench.vault('GET', hand.address.config)).body.data[field]).toEqual(cleared);
    }
  });

  it('a description is left as it is: the mount is owned by field', async () => {
    const recipe = bench.recipe();
    bench.write({ ...recipe, auth: { ...recipe.auth, description: 'said once' } });
    await bench.report('apply', '-f', 'recipe.yaml', '--yes');
    bench.write(recipe);
    expect((await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode')).exit).toBe(0);
  });
});
