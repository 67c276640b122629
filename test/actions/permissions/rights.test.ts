import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { rightsOf } from '../../../src/actions/permissions/rights.ts';
import { permissionCommands, type Right } from '../../../src/model/rights.ts';
import { vaultPolicy } from '../../../src/output/permissions/vault-policy.ts';
import { parsePolicy } from '../../../src/policy/reading/parse.ts';
import { readRecipe } from '../../../src/recipe/read.ts';
import type { Recipe } from '../../../src/recipe/recipe.ts';
import { reportOf, runCli } from '../../servers/cli.ts';

const cwd = join(import.meta.dirname, '..', '..', '..', 'recipes');
const recipes = readdirSync(cwd).filter((file) => file.endsWith('.yaml'));
const recipeOf = async (file: string) => (await readRecipe([file], { cwd, env: {}, allowedEnv: [] })).recipe;
const managed = async (file: string, manage: 'create' | 'none') => {
  const stdin = readFileSync(join(cwd, file), 'utf8').replace(/^auth:\n/m, `auth:\n  manage: ${manage}\n`);
  return (await readRecipe(['-'], { cwd, env: {}, allowedEnv: [], stdin })).recipe;
};

/** The needed rules as `capability path` and `verb resource name`. */
function lines(rights: Right[]): string[] {
  return rights
    .filter(({ optional }) => optional === undefined)
    .map(({ rule }) =>
      rule.system === 'vault'
        ? `${rule.capabilities.join()} ${rule.path}`
        : [rule.verb, rule.resource, rule.name].filter((part) => part !== undefined).join(' '),
    );
}

const cli = (...args: string[]) => runCli(['permissions', ...args], { env: {}, cwd });

describe('permissions --report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['', `--out ${join(folder, 'rights')}`, '-o vault'])('is written also with "%s"', async (flags) => {
    const more = flags.split(' ').filter(Boolean);
    const file = join(folder, `${more[0] ?? 'plain'}.xml`);
    const { exit } = await cli('-f', 'article.yaml', '--report', `junit=${file}`, ...more);
    expect([exit, readFileSync(file, 'utf8')]).toEqual([0, expect.stringContaining('vaultbind.permissions.run')]);
  });

  it.each(['', `--out ${join(folder, 'rights')}`])('to - stands in place of the text with "%s"', async (flags) => {
    const more = flags.split(' ').filter(Boolean);
    const { stdout } = await cli('-f', 'article.yaml', '--report', 'markdown=-', ...more);
    expect(stdout).toMatch(/^<!-- vaultbind permissions recipes\/article\.yaml -->\n### ✓/);
    expect(stdout).not.toContain('vault policy write');
  });
});

it('tells of each rule as JSON the fields that it has, and no other', async () => {
  const report = reportOf(await cli('-f', 'article.yaml', '-o', 'json'));
  for (const { fields } of report.findings) for (const field of fields) expect(field).toHaveProperty('after');
});

describe.each(recipes)('the rights of recipes/%s', (file) => {
  it.each(permissionCommands)('%s: a policy and roles that parse, tokens only of accounts by name', async (command) => {
    const rights = rightsOf(command, await recipeOf(file));
    expect(parsePolicy(vaultPolicy(rights)).problems ?? []).toEqual([]);
    const { stdout, exit } = await cli('-f', file, '--for', command, '-o', 'kubernetes', '--subject', 'user:ci');
    expect(exit).toBe(0);
    const documents = parseAllDocuments(stdout).map((one) => one.toJS());
    expect(documents.map(({ kind }) => kind).filter((kind) => /Binding$/.test(kind))).toHaveLength(
      documents.length / 2,
    );
    const rules = documents.flatMap((one) => one.rules ?? []);
    const unnamed = rules.filter(({ resourceNames }) => resourceNames === undefined);
    // A POST has no name that a rule could see: making is all that is given without one.
    expect(unnamed.filter(({ verbs }) => String(verbs) !== 'create')).toEqual([]);
    const made = unnamed.flatMap(({ resources }) => resources);
    const mayBe = { apply: ['serviceaccounts', 'secrets', 'clusterrolebindings'], doctor: ['subjectaccessreviews'] };
    expect(made.filter((one) => !(mayBe as Record<string, string[]>)[command]?.includes(one))).toEqual([]);
  });

  it('verify and plan write nothing', async () => {
    const writing = (line: string) => /^(update|create|patch|sudo|bind) /.test(line);
    const rights = await recipeOf(file).then((recipe) => [...rightsOf('plan', recipe), ...rightsOf('verify', recipe)]);
    expect(
      lines(rights).filter(
        (line) =>
          writing(line) && !/^create serviceaccounts\/token |^update (sys|auth\/token)\/\S+-accessor$/.test(line),
      ),
    ).toEqual([]);
  });
});

describe('what the recipe leaves to others needs no right', () => {
  it('manage: none', async () => {
    const recipe = await managed('article.yaml', 'none');
    expect(recipe.auth.manage).toBe('none');
    expect(
      lines(rightsOf('apply', recipe)).filter((line) =>
        /sys\/auth|secrets|clusterrole|update auth\/[^/]+\/config/.test(line),
      ),
    ).toEqual([]);
  });

  it('manage: create, and a mount without a description, are not tuned', async () => {
    const recipe = await recipeOf('article.yaml');
    const describing = (one: Recipe): Recipe => ({ ...one, auth: { ...one.auth, description: 'ours' } });
    const described = describing(recipe);
    const tuned = (one: Recipe) => lines(rightsOf('apply', one)).filter((line) => line.endsWith('/tune'));
    expect(tuned(recipe)).toEqual([]);
    expect(tuned(describing(await managed('article.yaml', 'create')))).toEqual([]);
    expect(tuned(described)).toEqual(['update sys/auth/kube-policy/tune', 'sudo sys/auth/kube-policy/tune']);
  });
});

describe('the command', () => {
  it('shows the rights of apply, or of each command in files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const shown = await cli('-f', 'article.yaml');
    expect(shown.stdout).toContain('vaultbind apply of the recipe article');
    const written = await cli('-f', 'article.yaml', '--out', join(folder, 'rights'));
    expect([written.exit, written.stdout]).toEqual([0, '']);
    expect(readdirSync(join(folder, 'rights'))).toHaveLength(8);
  });

  it('takes one right more for saved plans, and only where there are any', async () => {
    const recipe = await recipeOf('article.yaml');
    const more = permissionCommands.map((command) => {
      const before = lines(rightsOf(command, recipe));
      return [command, lines(rightsOf(command, recipe, true)).filter((line) => !before.includes(line))];
    });
    const right = ['get namespaces kube-system'];
    expect(Object.fromEntries(more)).toEqual({ plan: right, apply: right, verify: [], doctor: [] });
    expect((await cli('-f', 'article.yaml', '--saved-plan', '-o', 'kubernetes')).stdout).toContain('kube-system');
    // A loop over all commands goes through.
    for (const command of permissionCommands.filter((one) => one === 'verify' || one === 'doctor'))
      expect(await cli('-f', 'article.yaml', '--for', command, '--saved-plan')).toEqual(
        await cli('-f', 'article.yaml', '--for', command),
      );
  });

  it('tells each rule in a report', async () => {
    const report = reportOf(await cli('-f', 'article.yaml', '--for', 'plan', '-o', 'json'));
    expect(report).toMatchObject({ ok: true, command: 'permissions', recipe: { name: 'article' } });
    expect(report.findings.filter(({ code }) => code === 'right-needed').map(({ subject }) => subject)).toContain(
      'secrets default/vault-reviewer-token',
    );
  });

  it.each(['ci', 'user:', 'serviceaccount:x', 'robot:x'])('--subject %s is refused', async (subject) => {
    expect(await cli('-f', 'article.yaml', '--subject', subject)).toMatchObject({ exit: 3, stdout: '' });
  });
});
