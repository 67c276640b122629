import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Problem } from '../../src/errors.ts';
import { shownFix } from '../../src/model/printed.ts';
import { assertVault } from '../../src/recipe/assert-vault.ts';
import { readRecipe } from '../../src/recipe/read.ts';
import { inFolder, mistakesOf, read, recipe } from './reading.ts';

vi.setConfig({ testTimeout: 60_000 });

const canary = 'CANARY-5f0c1f7d-secret';

/** What an attacker's recipe in `folder/repo` gets, with a secret beside the folder. */
function attack(text: string, prepare: (folder: string) => void = () => undefined): Problem[] {
  return inFolder({ 'secret.txt': canary, 'repo/r.yaml': text }, (folder) => {
    prepare(folder);
    const problems = mistakesOf(() =>
      readRecipe(['repo/r.yaml'], { cwd: folder, env: { HOME: canary }, allowedEnv: [] }),
    );
    expect(problems).not.toEqual([]);
    expect(JSON.stringify(problems)).not.toContain(canary);
    return problems;
  });
}

const policyFile = (file: string) => recipe(`policies: [{name: app, file: ${file}}]`);

describe('files: a recipe reads nothing outside its folder', () => {
  test.each(['../secret.txt', './a/../../secret.txt', '/etc/passwd', '..', '.', './', '"..\\\\secret.txt"'])(
    '%s',
    (file) => {
      const [problem] = attack(policyFile(file));
      expect(['recipe-path-escape', 'recipe-unreadable']).toContain(problem?.code);
      expect(problem?.at).toMatchObject({ file: 'repo/r.yaml', line: 4, column: 30 });
    },
  );

  test.each([
    ['a symbolic link to a file', (folder: string) => symlinkSync('../secret.txt', join(folder, 'repo/link'))],
    ['a symbolic link to an absolute path', (folder: string) => symlinkSync('/etc/passwd', join(folder, 'repo/link'))],
  ])('%s', (_, prepare) => {
    expect(attack(policyFile('./link'), prepare)).toMatchObject([{ code: 'recipe-path-escape' }]);
  });

  test('a folder that is a symbolic link', () => {
    const prepare = (folder: string) => symlinkSync('..', join(folder, 'repo/up'));
    expect(attack(policyFile('./up/secret.txt'), prepare)).toMatchObject([{ code: 'recipe-path-escape' }]);
  });

  test('the CA too', () => {
    expect(attack(recipe('cluster: {ca: ../secret.txt}'))).toMatchObject([{ code: 'recipe-path-escape' }]);
  });

  test('a pipe is not waited for, a device not read, a large file not swallowed', () => {
    const fifo = (folder: string) => execFileSync('mkfifo', [join(folder, 'repo/pipe.hcl')]);
    expect(attack(policyFile('./pipe.hcl'), fifo)).toMatchObject([
      { message: expect.stringContaining('not a regular file') },
    ]);
    const folderOf = (folder: string) => mkdirSync(join(folder, 'repo/d.hcl'));
    expect(attack(policyFile('./d.hcl'), folderOf)).toMatchObject([
      { message: expect.stringContaining('is a folder') },
    ]);
    const large = (folder: string) => writeFileSync(join(folder, 'repo/large.hcl'), '#'.repeat(1024 * 1024 + 1));
    expect(attack(policyFile('./large.hcl'), large)).toMatchObject([
      { message: expect.stringContaining('larger than 1 MiB') },
    ]);
  });

  test('a link to the recipe leads to the folder of the recipe, not of the link', () => {
    inFolder({ 'real/r.yaml': policyFile('./p.hcl'), 'p.hcl': canary }, (folder) => {
      symlinkSync('real/r.yaml', join(folder, 'link.yaml'));
      const problems = mistakesOf(() => readRecipe(['link.yaml'], { cwd: folder, env: {}, allowedEnv: [] }));
      expect(problems).toMatchObject([
        { code: 'recipe-unreadable', message: expect.stringContaining('does not exist') },
      ]);
    });
  });

  test('what a refused file holds is not quoted', () => {
    const prepare = (folder: string) => writeFileSync(join(folder, 'repo/.env'), `TOKEN=${canary}`);
    expect(attack(policyFile('./.env'), prepare)).toMatchObject([
      { message: expect.stringContaining('.hcl or .json') },
    ]);
    const linked = (folder: string) => {
      prepare(folder);
      symlinkSync('.env', join(folder, 'repo/p.hcl'));
    };
    expect(attack(policyFile('./p.hcl'), linked)).toMatchObject([
      { message: expect.stringContaining('.hcl or .json') },
    ]);
    expect(attack(recipe('cluster: {ca: ./.env}'), prepare)).toMatchObject([
      { message: expect.stringContaining('.pem') },
    ]);
  });
});

describe('environment: only what was allowed', () => {
  test.each(['HOME', 'VAULT_TOKEN', 'vaultbind_x', 'XVAULTBIND_X', '__proto__', 'constructor'])(
    '%s is refused',
    (name) => {
      const env = { HOME: canary, VAULT_TOKEN: canary, vaultbind_x: canary, XVAULTBIND_X: canary };
      const text = recipe(`auth: {path: kube, description: "x\${env:${name}}", reviewer: {service_account: a/b}}`);
      const problems = mistakesOf(() => read(text, { env }));
      expect(problems).toMatchObject([
        { code: 'recipe-env', message: expect.stringContaining(`--env ${name}`), at: { line: 3, column: 33 } },
      ]);
      expect(JSON.stringify(problems)).not.toContain(canary);
    },
  );

  test.each(['VAULTBIND_LOGIN', 'VAULTBIND_LOGIN_SECRET_ID', 'VAULTBIND_LOGIN_JWT'])(
    '%s is of the login, and no recipe reads it, allowed or not',
    (name) => {
      const text = recipe(`auth: {path: kube, description: "x\${env:${name}:-y}", reviewer: {service_account: a/b}}`);
      for (const allowedEnv of [[], [name]]) {
        const problems = mistakesOf(() => read(text, { env: { [name]: canary }, allowedEnv }));
        expect(problems).toMatchObject([
          { code: 'recipe-env', message: expect.stringContaining('the login to Vault') },
        ]);
        expect(JSON.stringify(problems)).not.toContain(canary);
      }
    },
  );

  test('a default does not open a name', () => {
    const text = recipe('auth: {path: kube, description: "${env:HOME:-x}", reviewer: {service_account: a/b}}');
    expect(mistakesOf(() => read(text, { env: { HOME: canary } }))).toMatchObject([{ code: 'recipe-env' }]);
  });

  test('a value is not expanded again', () => {
    const text = recipe('auth: {path: kube, description: "${env:VAULTBIND_A}", reviewer: {service_account: a/b}}');
    const { recipe: found } = read(text, { env: { VAULTBIND_A: '${env:HOME}', HOME: canary } });
    expect(found.auth.description).toBe('${env:HOME}');
  });

  test('policy files are not expanded', () => {
    const files = {
      'r.yaml': policyFile('./p.hcl'),
      'p.hcl': 'path "secret/data/${env:HOME}" { capabilities = ["read"] }',
    };
    inFolder(files, (folder) => {
      const { recipe: found } = readRecipe(['r.yaml'], { cwd: folder, env: { HOME: canary }, allowedEnv: ['HOME'] });
      expect(found.policies[0]?.hcl).not.toContain(canary);
    });
  });
});

describe('YAML: a small text stays small', () => {
  test('the billion laughs', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 10; n++) {
      const above = String.fromCharCode(96 + n);
      lines.push(
        `${String.fromCharCode(97 + n)}: &${String.fromCharCode(97 + n)} [${Array(10).fill(`*${above}`).join(', ')}]`,
      );
    }
    expect(attack(`${recipe()}${lines.join('\n')}\n`)).toMatchObject([
      { code: 'recipe-syntax', message: expect.stringContaining('too large') },
    ]);
  });

  test('long text repeated', () => {
    const text = `${recipe()}x: [&a "${'x'.repeat(1_000_000)}", ${Array(100).fill('*a').join(', ')}]\n`;
    expect(attack(text)).toMatchObject([{ message: expect.stringContaining('too large') }]);
  });

  test.each([
    ['an alias of itself', 'x: &a [*a]'],
    ['deep nesting', `x: ${'['.repeat(200)}${']'.repeat(200)}`],
    ['very deep nesting', `x: ${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['very deep mappings', `x: ${'{a: '.repeat(20_000)}`],
    ['a tag', 'x: !!js/function "function () {}"'],
    ['a known tag', 'x: !!binary aGVsbG8='],
    ['merge keys', 'x: {<<: {a: b}}'],
    ['a prototype', '__proto__: {version: 1}'],
    ['a prototype inside', 'cluster: {__proto__: {host: https://evil.example.com}}'],
    ['two documents', '---\nversion: 1'],
    ['a key that is a list', '? [a, b]\n: c'],
  ])('%s', (_, text) => {
    const problems = attack(`${recipe()}${text}\n`);
    expect(problems.every(({ code }) => code === 'recipe-syntax' || code === 'recipe-unknown-key')).toBe(true);
  });

  test('very many mistakes', () => {
    const problems = attack(`${recipe()}expect: [${Array(20_000).fill('{a: b}').join(', ')}]\n`);
    expect(problems).toHaveLength(201);
    expect(problems.at(-1)?.message).toMatch(/^and 59,800 more mistakes/);
    expect(attack(`version: 1\n${'a: b\n'.repeat(20_000)}`).at(-1)?.message).toMatch(/more mistakes/);
  });

  test('a large file', () => {
    expect(attack(`# ${'x'.repeat(8 * 1024 * 1024)}`)).toMatchObject([
      { message: expect.stringContaining('larger than 8 MiB') },
    ]);
  });
});

describe('terminals obey nothing in a recipe', () => {
  test.each([
    ['an escape sequence', '\\e[2J'],
    ['a C1 control', '\\u009b31m'],
    ['a bell', '\\a'],
    ['a carriage return', 'ok\\rno'],
    ['a line that looks like a finding', 'x\\n✓ all good'],
    ['text that runs backwards', '\\u202egnp.exe'],
    ['a null', '\\0'],
  ])('%s in a description', (_, text) => {
    const problems = attack(recipe(`auth: {path: kube, description: "${text}", reviewer: {service_account: a/b}}`));
    expect(problems).toMatchObject([{ code: 'recipe-value', at: { line: 3, column: 33 } }]);
    expectPrintable(problems);
  });

  test.each([
    ['a key', '"\\e[2Jx": 1'],
    ['a name', 'roles: [{name: "\\e[2J"}]'],
    ['a policy file', 'policies: [{name: app, file: "./\\e[2J"}]'],
    ['an environment name', 'vault: {namespace: "${env:\\e[2J}"}'],
    ['broken YAML', '"\u001b[2J": {'],
    ['an alias', 'x: *\u009b'],
  ])('%s', (_, section) => {
    expectPrintable(attack(`${recipe()}${section}\n`));
    expectPrintable(attack(recipe(section)));
  });

  test('in a policy file, and in what the environment gives', () => {
    const prepare = (folder: string) =>
      writeFileSync(join(folder, 'repo/p.hcl'), 'path "a\u001b[2J" { capabilities = ["read"] }');
    expect(attack(policyFile('./p.hcl'), prepare)).toMatchObject([{ code: 'recipe-value' }]);
    const text = recipe('auth: {path: kube, description: "${env:VAULTBIND_A}", reviewer: {service_account: a/b}}');
    expect(mistakesOf(() => read(text, { env: { VAULTBIND_A: '\u001b[2J' } }))).toMatchObject([
      { code: 'recipe-value' },
    ]);
  });
});

describe('secrets in a recipe are refused and not repeated', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl';
  test.each([
    ['a token of Vault', `vault: {token: hvs.CAESIJ1234567890abcdefghij}`, 'hvs.CAES'],
    [
      "the reviewer's token",
      `auth: {path: kube, config: {token_reviewer_jwt: ${jwt}}, reviewer: {service_account: a/b}}`,
      jwt,
    ],
    ['a token as a value', `auth: {path: "${jwt}", reviewer: {service_account: a/b}}`, jwt],
    ['a password in a URL', 'vault: {address: "https://me:hunter2secret@vault.example.com"}', 'hunter2secret'],
  ])('%s', (_, section, secret) => {
    expect(JSON.stringify(attack(recipe(section)))).not.toContain(secret);
  });
});

describe('the address is an assertion', () => {
  const at = (address: string) => read(recipe(`vault: {address: "${address}"}`)).recipe;

  test.each([
    ['https://vault.example.com:8200', 'https://vault.example.com:8200'],
    ['https://vault.example.com', 'https://vault.example.com:443/'],
    ['https://VAULT.example.com/', 'https://vault.example.com'],
  ])('%s is %s', (asserted, given) => {
    expect(() => assertVault(at(asserted), { address: given, namespace: '' })).not.toThrow();
  });

  test.each(['https://vault.example.com:8200', 'http://evil.example.com', 'https://evil.example.com.'])(
    '%s is refused',
    (asserted) => {
      const problems = mistakesOf(() =>
        assertVault(at(asserted), { address: 'https://evil.example.com', namespace: '' }),
      );
      expect(problems).toMatchObject([{ code: 'address-mismatch', at: { line: 6, column: 18 } }]);
      expect(problems[0]?.message).toContain(asserted);
      expect(problems[0]?.fix?.[1]?.why).toContain('remove vault.address');
      expect(problems[0]?.message).toContain('https://evil.example.com');
    },
  );

  test('a recipe without an address asserts nothing', () => {
    expect(() =>
      assertVault(read(recipe()).recipe, { address: 'https://vault.example.com', namespace: 'prod' }),
    ).not.toThrow();
  });
});

describe('the Vault namespace is an assertion too, and the operator alone says it', () => {
  const address = 'https://vault.example.com';
  const inside = (namespace: string) => read(recipe(`vault: {namespace: ${namespace}}`)).recipe;

  test.each([
    ['evil', 'evil'],
    ['team/a/', 'team/a'],
  ])('%s is %s', (asserted, namespace) => {
    expect(() => assertVault(inside(asserted), { address, namespace })).not.toThrow();
  });

  test.each([
    ['evil', 'prod', 'the one given is "prod"'],
    ['evil', '', 'none was given'],
    ['team', 'team/a', '"team/a"'],
    ['team/a', 'team', '"team"'],
    ['Evil', 'evil', '"evil"'],
    ['root', '', 'none was given'],
  ])('%s is not "%s"', (asserted, namespace, named) => {
    const [problem, ...more] = mistakesOf(() => assertVault(inside(asserted), { address, namespace }));
    expect([problem?.code, problem?.at?.line, more]).toEqual(['namespace-mismatch', expect.any(Number), []]);
    expect(problem?.message).toContain(`"${asserted}"`);
    expect(problem?.message).toContain(named);
    expect(problem?.fix?.map(shownFix)[0]?.command).toBe(`export VAULT_NAMESPACE=${asserted}`);
  });

  test('both are told at once', () => {
    const { recipe: other } = read(recipe('vault: {address: https://evil.example.com, namespace: evil}'));
    const codes = mistakesOf(() => assertVault(other, { address, namespace: 'prod' })).map(({ code }) => code);
    expect(codes).toEqual(['address-mismatch', 'namespace-mismatch']);
  });

  test('each at its own line', () => {
    const { recipe: other } = read(recipe('vault:\n  address: https://evil.example.com\n  namespace: evil'));
    const [one, two] = mistakesOf(() => assertVault(other, { address, namespace: 'prod' })).map(
      ({ at }) => at?.line ?? 0,
    );
    expect((two ?? 0) - (one ?? 0)).toBe(1);
  });
});

function expectPrintable(problems: Problem[]): void {
  for (const { message, subject, fix = [] } of problems)
    expect([message, subject, ...fix.map(({ why }) => why)].join(' ')).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
}
