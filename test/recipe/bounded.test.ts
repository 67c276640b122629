import { describe, expect, it } from 'vitest';
import { requestOf } from '../../src/policy/requests.ts';
import { templatesIn, withTightTemplates } from '../../src/policy/templates.ts';
import { hasSecretShape, scrub } from '../../src/secret.ts';
import { mistakesOf, read, recipe } from './reading.ts';

/** Law: whatever a recipe holds, reading it ends soon, or with an error that says which limit it is beyond. */
const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('');
const head = 'version: 1\nname: x\nauth: {path: k, manage: none}\n';

const beyond: [what: string, text: () => string, says: RegExp][] = [
  ['parts', () => `${head}x: [${many(760_000, () => '1,')}]`, /too many parts/],
  ['keys', () => `${head}${many(5_000, (at) => `k${at}: 1\n`)}`, /and 4,800 more mistakes/],
  ['brackets', () => `${head}x: ${'['.repeat(500_000)}`, /nested too deeply/],
  ['braces', () => `${head}x: ${'{a: '.repeat(100_000)}`, /nested too deeply/],
  ['dashes', () => `${head}x:\n ${'- '.repeat(500_000)}a\n`, /nested too deeply/],
  [
    'accounts of a role',
    () => recipe(`roles: [{name: r, token_policies: [app], service_accounts: [${many(501, (at) => `a/b${at}, `)}]}]`),
    /more than 500 entries/,
  ],
  [
    'pairs of a role',
    () =>
      recipe(
        `roles: [{name: r, token_policies: [app], bound_service_account_names: [${many(60, (at) => `b${at}, `)}], bound_service_account_namespaces: [${many(60, (at) => `c${at}, `)}]}]`,
      ),
    /make several roles/,
  ],
  [
    'characters of policies',
    () =>
      recipe(
        `policies:\n${many(5, (at) => `- name: p${at}\n  hcl: |\n    path "a" { comment = "${'x'.repeat(1024 * 1024)}" }\n`)}`,
      ),
    /longer than 3 MiB together/,
  ],
  [
    'claims and rules',
    () =>
      recipe(
        `policies: [{name: app, rules: [${many(3000, (at) => `{path: a/b*, capabilities: [read]}, {path: '+/b${at % 9}*', capabilities: [read]}, `)}]}]`,
        `expect: [{role: app, service_account: default/app, can: [${many(2500, (at) => `read a/b${at}, `)}]}]`,
      ),
    /too many to be held against each other/,
  ],
];

describe('a recipe with too many', () => {
  it.each(beyond)(
    '%s is refused for that',
    (_what, text, says) => {
      expect(mistakesOf(() => read(text())).map(({ message }) => message)).toContainEqual(expect.stringMatching(says));
      // Some seconds of work, on a machine that may have other work too.
    },
    120_000,
  );
});

describe('what is linear', () => {
  // Each took minutes before; a test that hangs is one that fails.
  it('templates that open and never close', () => {
    const path = `a/${'{{'.repeat(1_000_000)}`;
    expect([withTightTemplates(path), templatesIn(path)]).toEqual([path, []]);
  });

  it('blanks in a template', () => {
    expect(withTightTemplates(`a/{{${' '.repeat(1_000_000)}x }}/{{ y}}`)).toBe('a/{{x}}/{{y}}');
  });

  it('what begins as a token again and again', () => {
    const text = 'eyJ-'.repeat(1_000_000);
    expect([hasSecretShape(text), scrub(text) === text]).toEqual([false, true]);
  });

  it('capabilities that are none, each told with its place', () => {
    const words = many(30_000, (at) => `"read${at}", `);
    expect(
      mistakesOf(() => read(recipe(`policies: [{name: app, hcl: 'path "a" { capabilities = [${words}] }'}]`))).length,
    ).toBe(201);
  });

  it('and a token is found as before', () => {
    const jwt = 'eyJhbGciOi.eyJzdWIi.c2ln';
    for (const text of [jwt, `x-${jwt}`, `a.b.${jwt}`, `${jwt}.more`, `"${jwt}"`, 'eyJhbGciOi.eyJzdWIi.'])
      expect([hasSecretShape(text), scrub(text).includes('eyJ')]).toEqual([true, false]);
    for (const text of ['eyJ.a.b', 'xeyJhbGciOi.a.b', 'eyJhbGciOi.a', 'eyJhbGciOi..b'])
      expect(hasSecretShape(text)).toBe(false);
  });

  it('slashes, wherever they stand', () => {
    const slashes = '/'.repeat(1_000_000);
    expect(requestOf({ capability: 'list', path: `a${slashes}x` }).path).toHaveLength(1_000_003);
    const text = `version: 1\nname: x\nauth: {path: "a${slashes}x!", manage: none}\nvault: {namespace: "a${slashes}b"}\n`;
    expect(mistakesOf(() => read(text)).length).toBeGreaterThan(0);
  });

  it('a path of a rule or claim, which is as long as an API takes it, and what is said of it', () => {
    const long = `a/${'b'.repeat(1024)}`;
    const said = mistakesOf(() =>
      read(
        recipe(
          `policies: [{name: app, rules: [{path: ${long}, capabilities: [read]}]}]`,
          `expect: [{role: app, service_account: default/app, can: [read ${long}], cannot: [list ${long}]}]`,
        ),
      ),
    ).map(({ message }) => message);
    expect(said.filter((one) => one.endsWith('is longer than 1024 characters'))).toHaveLength(3);
    expect(Math.max(...said.map(({ length }) => length))).toBeLessThan(500);
  });

  it('a path of a policy in a text is as long as an API takes it, or not clear', () => {
    const hcl = `path "${'a'.repeat(1025)}" { capabilities = ["read"] }`;
    const { warnings } = read(recipe(`policies: [{name: app, hcl: '${hcl}'}]`));
    expect(warnings.map(({ code }) => code)).toContain('policy-unclear');
  });
});
