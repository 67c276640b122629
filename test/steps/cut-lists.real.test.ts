import { afterAll, beforeAll, expect, it } from 'vitest';
import { uniqueName } from '../servers/servers.ts';
import { notable, type Workbench, workbench } from '../servers/workbench.ts';

/** A list may only say that something is there: what a cut one does not name is read by name before it is missing. */
const operator = (mount: string) => `
path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }
path "sys/policies/acl" {
  capabilities = ["list"]
  pagination_limit = 2
}
path "auth/${mount}/role" {
  capabilities = ["list"]
  pagination_limit = 2
}`;

let bench: Workbench;
let token: string;
beforeAll(async () => {
  bench = await workbench('openbao');
  const policy = uniqueName('paged');
  await bench.vault('POST', `sys/policies/acl/${policy}`, { policy: operator(bench.mount) });
  const made = await bench.vault('POST', 'auth/token/create', { policies: [policy], ttl: '30m' });
  token = made.body.auth.client_token;
  bench.env['VAULT_TOKEN'] = token;
});
afterAll(() => bench.remove());

it('a role beyond the page of a list is there: plans come to rest, and show what was changed by hand', async () => {
  bench.write(bench.recipe());
  const applied = await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=none');
  expect(applied.exit, JSON.stringify(applied.findings)).toBe(0);
  const other = { bound_service_account_names: ['x'], bound_service_account_namespaces: ['y'] };
  for (const name of ['aaa', 'bbb', 'ccc']) await bench.vault('POST', `auth/${bench.mount}/role/${name}`, other);
  const listed = await bench.vault('GET', `auth/${bench.mount}/role?list=true`, undefined, token);
  expect(listed.body.data.keys).toEqual(['aaa', 'bbb']);
  const planned = await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode');
  expect([planned.exit, ...notable(planned)]).toEqual([0]);
  await bench.vault('POST', `auth/${bench.mount}/role/${bench.role}`, { token_policies: [bench.policy, 'root-like'] });
  const changed = await bench.report('plan', '-f', 'recipe.yaml');
  const update = changed.findings.find(({ code }) => code === 'to-update');
  expect(update?.fields).toMatchObject([{ field: 'token_policies', before: [bench.policy, 'root-like'] }]);
  const again = await bench.report('apply', '-f', 'recipe.yaml', '--yes');
  expect([again.exit, ...notable(again)]).toEqual([0, `updated updated auth/${bench.mount}/role/${bench.role}`]);
});
