import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textHere } from '../../src/actions/saved-plan/text-here.ts';
import { digest } from '../../src/saved-plan/seal.ts';
import { decided, planOf, saved } from '../saved-plan/scene.ts';
import { reportOf, runCli } from '../servers/cli.ts';

/** A plan may come from anybody: what is said of its files tells of no file that is not a recipe's, below the folder. */
let outer: string;
let folder: string;
beforeAll(() => {
  outer = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
  folder = join(outer, 'here');
  mkdirSync(join(folder, 'deep.yaml'), { recursive: true });
  writeFileSync(join(outer, 'outside.yaml'), 'x');
  for (const file of ['recipe.yaml', 'policy.hcl', '.vault-token', 'key.txt', 'large.yaml'])
    writeFileSync(join(folder, file), file === 'large.yaml' ? 'x'.repeat(101) : 'x');
  symlinkSync(join(outer, 'outside.yaml'), join(folder, 'link.yaml'));
  symlinkSync(join(folder, '.vault-token'), join(folder, 'token.yaml'));
});
afterAll(() => rmSync(outer, { recursive: true, force: true }));

describe('the text of a file of a plan', () => {
  it.each([
    ['recipe.yaml', 'x'],
    ['./policy.hcl', 'x'],
    ['none.yaml', undefined],
    ['.vault-token', undefined],
    ['key.txt', undefined],
    ['large.yaml', undefined],
    ['deep.yaml', undefined],
    ['link.yaml', undefined],
    ['token.yaml', undefined],
    ['../outside.yaml', undefined],
    ['../here/../outside.yaml', undefined],
    ['/etc/hostname', undefined],
    ['recipe.yaml/x.yaml', undefined],
    ['a\0.yaml', undefined],
    ['', undefined],
    ['.', undefined],
  ])('%j', (file, text) => {
    expect(textHere(folder, file, 100)).toBe(text);
  });

  it('is looked at by a full path below the folder too', () => {
    expect(textHere(folder, join(folder, 'recipe.yaml'), 100)).toBe('x');
  });
});

describe('a plan that names a file of somebody else says the same whether it is there or not', () => {
  const naming = (file: string) => {
    const [made] = decided;
    if (!made) throw new Error('there are some');
    const step = { ...made.step, name: 'write-policy' };
    const { sha256: _, ...plan } = saved({ chosen: new Set(['write-policy']), planned: planOf([{ ...made, step }]) });
    const [first, ...rest] = plan.recipe.files;
    const beside = plan.recipe.beside.map((one) => ({ ...one, recipe: file }));
    const files = [{ text: first?.text ?? '', file }, ...rest];
    const { environment } = plan.recipe;
    const recipe = { ...plan.recipe, files, beside, sha256: digest({ files, beside, environment }) };
    return JSON.stringify({ ...plan, recipe, sha256: digest({ ...plan, recipe }) });
  };

  it.each([
    ['/etc/hostname', '/etc/no-such-file'],
    ['../outside.yaml', '../absent.yaml'],
    ['.vault-token', '.no-token'],
    ['link.yaml', 'no-link.yaml'],
  ])('%s and %s', async (there, absent) => {
    const said = async (file: string) => {
      writeFileSync(join(folder, 'plan.json'), naming(file));
      const env = { HOME: folder, KUBECONFIG: join(folder, 'none') };
      const result = await runCli(['apply', 'plan.json', '--yes', '-o', 'json'], { env, cwd: folder });
      const told = reportOf(result).findings.map(({ code, message }) => `${code} ${message.replaceAll(file, 'FILE')}`);
      return [result.exit, ...told];
    };
    const answer = await said(there);
    expect(answer).toEqual(await said(absent));
    expect(answer.join('\n')).not.toMatch(/plan-stale|plan-unreadable/);
  });
});
