import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readCeiling } from '../../src/ceiling/read.ts';
import { ceilingJsonSchema } from '../../src/ceiling/schema.ts';
import { inFolder, marked, mistakesOf } from '../recipe/reading.ts';
import { ceiling } from './scene.ts';

const valid = new Ajv2020({ strict: false }).compile(ceilingJsonSchema());

function mistakes(text: string) {
  return inFolder({ 'c.yaml': text }, (cwd) => mistakesOf(() => readCeiling('c.yaml', cwd)));
}

/** « stands where the mistake must be told. */
const wrong: [what: string, text: string, said: RegExp][] = [
  ['nothing', '«', /is empty/],
  ['a list', '«- version: 1\n', /a ceiling is a mapping of keys/],
  ['no version', '«auth: {paths: [k]}\n', /version: is missing/],
  ['another version', 'version: «2\n', /is not 1/],
  ['an unknown section', 'version: 1\n«polices: {}\n', /unknown key "polices"; did you mean "policies"/],
  ['an unknown key', 'version: 1\nroles: {«service_account: [a/b]}\n', /in roles; did you mean "service_accounts"/],
  [
    'an unknown key of a path',
    'version: 1\npolicies: {paths: [{path: a, «capabilites: [read]}]}\n',
    /did you mean "capabilities"/,
  ],
  ['text for a list', 'version: 1\nauth: {paths: «kube}\n', /is text, not a list/],
  [
    'an unknown capability',
    'version: 1\npolicies: {paths: [{path: a, capabilities: [«write]}]}\n',
    /"write" is not one of/,
  ],
  ['deny', 'version: 1\npolicies: {paths: [{path: a, capabilities: [«deny]}]}\n', /is not one of/],
  ['no capability', 'version: 1\npolicies: {paths: [{path: a, capabilities: «[]}]}\n', /is an empty list/],
  [
    'a * in the middle',
    'version: 1\npolicies: {paths: [{path: «a/*/b, capabilities: [read]}]}\n',
    /stands only at the end/,
  ],
  [
    'an entry that allows nothing',
    'version: 1\npolicies: {paths: [{path: «database/creds/shop-+, capabilities: [read]}]}\n',
    /a \+ is a whole segment/,
  ],
  ['a template', 'version: 1\npolicies: {paths: [{path: «"a/{{x}}", capabilities: [read]}]}\n', /no templates/],
  [
    'a slash in front',
    'version: 1\npolicies: {paths: [{path: «/sys, capabilities: [read]}]}\n',
    /without a slash in front/,
  ],
  ['a * in front of a name', 'version: 1\nroles: {names: [«"*-app"]}\n', /is not A role, or the beginning/],
  ['an account without its namespace', 'version: 1\nroles: {service_accounts: [«app]}\n', /written namespace\/name/],
  ['a variable', 'version: 1\nroles: {names: [«"${env:HOME}"]}\n', /may not read the environment variable HOME/],
  ['no time', 'version: 1\nroles: {token_ttl: «0}\n', /is no time at all/],
  ['no duration', 'version: 1\nroles: {token_max_ttl: «2w}\n', /is not a duration/],
  ['an unknown alias', 'version: 1\nroles: {alias_name_source: [«name]}\n', /is not one of/],
  ['text for a flag', 'version: 1\nauth: {client_jwt: «maybe}\n', /client_jwt/],
  ['a key twice', 'version: 1\nauth: {}\n«auth: {}\n', /a second time/],
  ['no YAML', 'version: 1\nauth: {paths: [k\n«', /not valid YAML/],
];

describe('a ceiling with a mistake allows nothing and says where:', () => {
  it.each(wrong)('%s', (_what, text, said) => {
    const { text: plain, marks } = marked(text);
    const problems = mistakes(plain);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['ceiling-invalid']));
    const told = problems.find(({ message }) => said.test(message));
    expect(told?.at, JSON.stringify(problems)).toMatchObject({ file: 'c.yaml', ...marks[0] });
  });

  it('a file that is not there', () => {
    expect(mistakesOf(() => readCeiling('nowhere.yaml', '/'))).toMatchObject([{ code: 'ceiling-unreadable' }]);
  });

  it('all of them at once', () => {
    expect(mistakes('version: 2\nauht: {}\nroles: {names: app}\n')).toHaveLength(3);
  });
});

describe('the JSON Schema of ceilings', () => {
  it('takes the good ones, the ready-made one too', () => {
    const made = readFileSync(join(import.meta.dirname, '../../recipes/ci/ceiling.yaml'), 'utf8');
    for (const text of [ceiling, made, 'version: 1\n']) {
      expect(mistakes(text)).toEqual([]);
      expect(valid(parse(text)), JSON.stringify(valid.errors)).toBe(true);
    }
  });

  it.each([
    'version: 2',
    'version: 1\npolices: {}',
    'version: 1\nroles: {names: app}',
    'version: 1\nroles: {names: ["*-app"]}',
    'version: 1\nroles: {token_period: soon}',
    'version: 1\nroles: {alias_name_source: [name]}',
  ])('takes no other: %s', (text) => {
    expect(valid(parse(text))).toBe(false);
  });
});
