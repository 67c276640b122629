import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/report.ts';
import { type Bench, entityOf, healthy, must } from './bench.ts';

/**
 * Names are as servers have them: policies with slashes, blanks and marks, roles and policies that nobody could name at
 * all. Whatever a role or an identity group holds, the doctor looks at it and says what is the case.
 */
let bench: Bench;
const odd = ['team/app', 'my policy', 'pölicy', 'a%b?c#d'];

beforeAll(async () => {
  bench = await healthy('openbao');
});
afterAll(() => bench?.remove());

const told = (findings: Finding[]) => findings.map(({ code, message }) => `${code}: ${message}`).join('\n');
const asked = (...more: string[]) =>
  bench.report(
    'doctor',
    '--no-monitor',
    '--mount',
    bench.mount,
    '--service-account',
    `${bench.namespace}/my-sa`,
    ...more,
  );
const allowing = (path: string) => `path "${path}" { capabilities = ["read"] }`;

describe('a policy', () => {
  it('may have any name that Vault stores', async () => {
    for (const name of odd) await bench.writePolicy(allowing(`secret/data/${bench.secret}`), encode(name));
    await bench.bind({ token_policies: odd });
    const found = await asked('--role', bench.role, '--secret', `secret/data/${bench.secret}`);
    expect({ exit: found.exit, causes: found.causes }, told(found.findings)).toEqual({ exit: 0, causes: [] });
    expect(found.findings.map(({ subject }) => subject)).not.toContain('sys/policies/acl');
  });

  it('of a drifted role is named by the doctor of a recipe', async () => {
    const { exit, causes } = await bench.report('doctor', '--no-monitor', '-f', 'recipe.yaml');
    expect([exit, causes[0]?.cause]).toEqual([1, 'drift']);
  });

  it('of an identity group is read when a path is denied', async () => {
    await bench.bind({ token_policies: ['default'] });
    const entity = await entityOf(bench);
    const group = { name: `group-${bench.namespace}`, policies: ['team/app'], member_entity_ids: [entity] };
    await must(bench.vault('POST', 'identity/group', group));
    const found = await asked('--role', bench.role, '--secret', 'secret/data/not-allowed');
    expect([found.exit, found.causes[0]?.cause], told(found.findings)).toEqual([1, 'policy-not-attached']);
  });

  it('that no path leads to is missing or unknown, and no crash', async () => {
    await bench.bind({ token_policies: ['a//b', '../c', 'tab\there', 'line\nend'] });
    const found = await asked('--role', bench.role, '--secret', `secret/data/${bench.secret}`);
    expect([1, 4], told(found.findings)).toContain(found.exit);
    expect(told(found.findings) + JSON.stringify(found.causes)).toContain('a//b');
  });
});

describe('a role', () => {
  it.each(['kube-base/my-role', 'a b', '../x', ''])('%j is none that can be: the rule is said', async (role) => {
    const { exit, findings } = await asked('--role', role);
    expect(exit).toBe(3);
    expect(told(findings)).toContain('letters, digits, _, - and .');
  });
});

it('a template that comes to a value with a slash makes OpenBao refuse the whole token, and that is said', async () => {
  const { body } = await bench.vault('GET', `sys/auth/${bench.mount}`);
  const template = `secret/data/{{identity.entity.aliases.${body.data.accessor}.name}}`;
  await bench.writePolicy(allowing(template), 'templated');
  await bench.bind({ token_policies: ['templated'], alias_name_source: 'serviceaccount_name' });
  const found = await asked('--role', bench.role, '--secret', 'secret/data/x');
  expect(found.exit, told(found.findings)).toBe(1);
  expect(JSON.stringify(found.causes[0])).toContain('alias_name_source: serviceaccount_name');
});

function encode(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}
