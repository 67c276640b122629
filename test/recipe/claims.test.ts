import { describe, expect, it } from 'vitest';
import { mistakesOf, read, recipe } from './reading.ts';

/** Claims are held against the policies on the path of the request they stand for: a LIST has a slash at its end. */
const withRule = (rule: string, ...claims: string[]) =>
  recipe(
    `policies: [{name: app, hcl: '${rule}'}]`,
    `expect: [{role: app, service_account: default/app, ${claims.join(', ')}}]`,
  );
const list = (path: string) => `path "${path}" { capabilities = ["list"] }`;
const said = (text: string) => mistakesOf(() => read(text)).map(({ code, message }) => `${code} ${message}`);
const conflict = expect.stringMatching(/^recipe-conflict /);

describe('a list claim', () => {
  it.each([['secret/metadata/app/*'], ['secret/metadata/app/'], ['secret/metadata/app'], ['secret/metadata/a*']])(
    'is allowed by a rule on %s',
    (path) => {
      expect(said(withRule(list(path), 'can: [list secret/metadata/app]'))).toEqual([]);
      expect(said(withRule(list(path), 'cannot: [list secret/metadata/app]'))).toEqual([conflict]);
      expect(said(withRule(list(path), 'cannot: [list secret/metadata/app/]'))).toEqual([conflict]);
    },
  );
  it('is not allowed by a rule below it', () => {
    const text = withRule(list('secret/metadata/app/x'), 'can: [list secret/metadata/app]');
    expect(said(text)).toEqual([conflict]);
  });
  it('is one with and without its slash', () => {
    const both = ['can: [list secret/metadata/app]', 'cannot: [list secret/metadata/app/]'];
    expect(said(withRule(list('secret/metadata/app'), ...both))).toContainEqual(
      expect.stringContaining('stands under can too'),
    );
  });
  it.each([['secret/data//x'], ['secret/data/../x'], ['secret/./x']])('names a path that is one, not %s', (path) => {
    expect(said(withRule(list('secret/metadata/app'), `cannot: [read ${path}]`))).toEqual([
      expect.stringContaining('no empty segment'),
    ]);
  });
});

describe('a claim that does not hold', () => {
  it('is told with what is doubtful in the policies it was judged by (F25)', () => {
    const rule = 'path "secret/data/my*/config" { capabilities = ["read"] }';
    const [problem] = mistakesOf(() => read(withRule(rule, 'can: [read secret/data/myapp/config]')));
    expect(problem?.code).toBe('recipe-conflict');
    expect(problem?.evidence).toEqual([
      { experiment: expect.stringMatching(/^-:\d+:\d+$/), said: expect.stringContaining('* means something only at') },
    ]);
  });
});

describe('a rule that speaks of parameters (F07)', () => {
  const writing = (more: string, path = 'secret/data/app/*') => `path "${path}" { capabilities = ["update"] ${more} }`;
  const doubts = (rule: string) =>
    read(withRule(rule, 'can: [update secret/data/app/x]')).warnings.filter(({ message }) =>
      message.includes('every one is refused'),
    ).length;

  it.each([
    ['allowed_parameters = { "password" = [] }', 1],
    ['required_parameters = ["password"]', 1],
    ['denied_parameters = { "data" = [] }', 1],
    ['denied_parameters = { "*" = [] }', 1],
    ['allowed_parameters = { "data" = [] }', 0],
    ['allowed_parameters = { "password" = [] "*" = [] }', 0],
    ['required_parameters = ["data"]', 0],
    ['denied_parameters = { "password" = [] }', 0],
    ['', 0],
  ])('and lets no write to KV version 2 pass is doubtful: %s', (more, count) => {
    expect(doubts(writing(more))).toBe(count);
  });
});
