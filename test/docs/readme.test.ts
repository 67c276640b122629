import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { rightsOf } from '../../src/actions/permissions/rights.ts';
import { codes } from '../../src/codes.ts';
import { loginMethods } from '../../src/operator/login/index.ts';
import type { LoginInput } from '../../src/operator/login/method.ts';
import { flagsOf } from '../../src/operator/login/read-inputs.ts';
import { rbac } from '../../src/output/permissions/rbac.ts';
import { vaultPolicy } from '../../src/output/permissions/vault-policy.ts';
import { reportKinds } from '../../src/output/reports/kinds.ts';
import { readRecipe } from '../../src/recipe/read.ts';
import { steps } from '../../src/steps/index.ts';
import { pagesFor } from '../../src/wizard/pages/index.ts';
import { packageReasons } from './packages.ts';

const root = join(import.meta.dirname, '..', '..');
const readmePath = join(root, 'README.md');

const { recipe: article } = await readRecipe(['article.yaml'], { cwd: join(root, 'recipes'), env: {}, allowedEnv: [] });
const applying = rightsOf('apply', article);
const rightsExample = `\`\`\`hcl\n${vaultPolicy(applying)}\`\`\`\n\n\`\`\`yaml\n${rbac(applying, 'vaultbind-article-apply')}\`\`\``;

/** The parts of the README that say again what the code says; `UPDATE_GOLDEN=1` writes them. */
const generated: Record<string, () => string> = {
  recipe: () => `\`\`\`yaml\n${withoutComments(readFileSync(join(root, 'recipes/article.yaml'), 'utf8'))}\n\`\`\``,
  steps: () =>
    table(
      ['step', 'what it does'],
      steps.map(({ name, summary }) => [`\`${name}\``, summary]),
    ),
  questions: () =>
    table(
      ['flag of `init`', 'answers', 'why it is asked'],
      pagesFor({}).flatMap(({ questions }) => questions.map(({ flag, message, why }) => [`\`${flag}\``, message, why])),
    ),
  logins: () =>
    table(
      ['method', 'what it is', 'reads', 'flag', 'variable'],
      loginMethods.flatMap(({ name, summary, inputs }) =>
        inputs.map((input, index) => [
          ...(index === 0 ? [`\`${name}\``, summary] : ['', '']),
          `${input.name}: ${input.why}${mayBeLeftOut(input)}`,
          flagsOf(input)
            .map((flag) => `\`${flag}\``)
            .join(' '),
          `\`${input.env}\``,
        ]),
      ),
    ),
  rights: () => rightsExample,
  codes: () =>
    table(
      ['code', 'means'],
      Object.entries(codes).map(([code, text]) => [`\`${code}\``, text]),
    ),
  reports: () =>
    table(
      ['kind', 'is'],
      Object.entries(reportKinds).map(([kind, { summary }]) => [`\`${kind}\``, summary]),
    ),
  packages: () => packageReasons.map(({ name, why }) => `* \`${name}\`: ${why}`).join('\n'),
};

describe('the README', () => {
  it.each(Object.keys(generated))('says what the code says: %s', (part) => {
    const readme = readFileSync(readmePath, 'utf8');
    const [start, end] = [`<!-- ${part} -->\n`, `\n<!-- /${part} -->`];
    const from = readme.indexOf(start) + start.length;
    const to = readme.indexOf(`<!-- /${part} -->`) - 1;
    expect(from, `README has no ${start}`).toBeGreaterThan(start.length);
    const wanted = generated[part]?.() ?? '';
    if (process.env['UPDATE_GOLDEN'] === '1')
      writeFileSync(
        readmePath,
        `${readme.slice(0, from)}${wanted}${end}${readme.slice(readme.indexOf(`<!-- /${part} -->`) + end.length - 1)}`,
      );
    else expect(readme.slice(from, to)).toBe(wanted);
  });

  it('gives the reason for each package, and for no other', () => {
    expect(packageReasons.map(({ name }) => name).toSorted()).toEqual(
      Object.keys(packageFile.devDependencies).toSorted(),
    );
  });
});

function withoutComments(recipe: string): string {
  return recipe
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\n{2,}/g, '\n\n')
    .trim();
}

function mayBeLeftOut({ optional }: LoginInput): string {
  if (optional === undefined) return '';
  return optional === true ? ' (may be left out)' : `; else from ${optional.from}`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
