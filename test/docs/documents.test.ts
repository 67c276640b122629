import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { rightsOf } from '../../src/actions/permissions/rights.ts';
import { codes } from '../../src/codes.ts';
import { loginMethods } from '../../src/operator/login/index.ts';
import type { LoginInput } from '../../src/operator/login/method.ts';
import { flagsOf } from '../../src/operator/login/read-inputs.ts';
import { app } from '../../src/output/manifests/app.ts';
import { rbac } from '../../src/output/permissions/rbac.ts';
import { vaultPolicy } from '../../src/output/permissions/vault-policy.ts';
import { reportKinds } from '../../src/output/reports/kinds.ts';
import { readRecipe } from '../../src/recipe/read.ts';
import { steps } from '../../src/steps/index.ts';
import { pagesFor } from '../../src/wizard/pages/index.ts';
import { packageReasons } from './packages.ts';

const root = join(import.meta.dirname, '..', '..');

const { recipe: article } = await readRecipe(['article.yaml'], { cwd: join(root, 'recipes'), env: {}, allowedEnv: [] });
const applying = rightsOf('apply', article);
const rightsExample = `\`\`\`hcl\n${vaultPolicy(applying)}\`\`\`\n\n\`\`\`yaml\n${rbac(applying, 'vaultbind-article-apply')}\`\`\``;

const ofArticle = {
  account: { namespace: 'default', name: 'my-sa' },
  role: 'my-role',
  mount: article.auth.path,
  audience: 'vault',
  vault: { address: 'https://vault.example.com:8200', namespace: '' },
};

const recipeFiles = readdirSync(join(root, 'recipes')).filter((file) => file.endsWith('.yaml'));

/** The parts of the documents that say again what the code says, by document; `UPDATE_GOLDEN=1` writes them. */
const generated: Record<string, Record<string, () => string>> = {
  'README.md': {
    pod: () => `\`\`\`yaml\n${app(ofArticle)}\`\`\``,
    recipe: () => `\`\`\`yaml\n${withoutComments(read('recipes/article.yaml'))}\n\`\`\``,
    steps: () =>
      table(
        ['step', 'what it does'],
        steps.map(({ name, summary }) => [`\`${name}\``, summary]),
      ),
  },
  'src/wizard/README.md': {
    questions: () =>
      table(
        ['flag of `init`', 'answers', 'why it is asked'],
        pagesFor({}).flatMap(({ questions }) =>
          questions.map(({ flag, message, why }) => [`\`${flag}\``, message, why]),
        ),
      ),
  },
  'src/operator/README.md': {
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
  },
  'src/output/permissions/README.md': { rights: () => rightsExample },
  'src/CODES.md': {
    codes: () =>
      table(
        ['code', 'means'],
        Object.entries(codes).map(([code, text]) => [`\`${code}\``, text]),
      ),
  },
  'recipes/README.md': {
    uses: () => recipeFiles.map((file) => `* [${file}](${file}): ${useOf(read(`recipes/${file}`))}`).join('\n'),
    fields: () => table(['key', 'means'], fieldsOf(JSON.parse(read('recipes/recipe.schema.json')), [])),
  },
  'recipes/ci/README.md': {
    reports: () =>
      table(
        ['kind', 'is'],
        Object.entries(reportKinds).map(([kind, { summary }]) => [`\`${kind}\``, summary]),
      ),
  },
  'src/README.md': { packages: () => packageReasons.map(({ name, why }) => `* \`${name}\`: ${why}`).join('\n') },
};

const parts = Object.entries(generated).flatMap(([file, all]) =>
  Object.entries(all).map(([part, say]) => ({ file, part, say })),
);

describe('the documents', () => {
  it.each(parts)('say what the code says: $part in $file', ({ file, part, say }) => {
    const text = read(file);
    const [start, end] = [`<!-- ${part} -->\n`, `<!-- /${part} -->`];
    const [from, to] = [text.indexOf(start) + start.length, text.indexOf(end)];
    expect(from, `${file} has no ${start}`).toBeGreaterThanOrEqual(start.length);
    expect(to, `${file} has no ${end}`).toBeGreaterThanOrEqual(from);
    if (process.env['UPDATE_GOLDEN'] === '1')
      writeFileSync(join(root, file), `${text.slice(0, from)}${say()}\n${text.slice(to)}`);
    else expect(text.slice(from, to)).toBe(`${say()}\n`);
  });

  it('give the reason for each package, and for no other', () => {
    expect(packageReasons.map(({ name }) => name).toSorted()).toEqual(
      Object.keys(packageFile.devDependencies).toSorted(),
    );
  });

  it('name each room of the sources, and no other', () => {
    const named = [...read('src/README.md').matchAll(/^src\/(\w[\w-]*)\/ /gm)].map(([, room]) => room);
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((one) => one.isDirectory());
    expect(named.toSorted()).toEqual(rooms.map(({ name }) => name).toSorted());
  });

  it('say the first things on twenty kilobytes', () =>
    expect(Buffer.byteLength(read('README.md'))).toBeLessThan(20_000));

  it.each(documents())('lead nowhere that is not there: %s', (file) => {
    expect(linksIn(file).filter(({ to }) => !existsSync(join(root, to)))).toEqual([]);
    const headless = linksIn(file).filter(({ to, heading }) => heading !== '' && !headingsOf(to).includes(heading));
    expect(headless).toEqual([]);
    // Who has the package alone can read on too.
    expect(isPackaged(file) ? linksIn(file).filter(({ to }) => !isPackaged(to)) : []).toEqual([]);
  });
});

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Our own Markdown, wherever it lies. */
function documents(): string[] {
  const below = ['src', 'recipes', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  );
  return ['README.md', 'CHANGELOG.md', ...below.filter((file) => file.endsWith('.md') && !file.includes('/golden/'))];
}

/** Relative ones, as paths from the root. */
function linksIn(file: string): { to: string; heading: string }[] {
  const text = read(file).replace(/^(````?)[^`][\s\S]*?^\1$|^````?\n[\s\S]*?^````?$/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^\w+:/.test(link)) return [];
    const [path = '', heading = ''] = link.split('#');
    return [{ to: path === '' ? file : join(dirname(file), path), heading }];
  });
}

/** As GitHub and GitLab name them in links. */
function headingsOf(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** Always in a package, or named by `files`: a file, a folder, or the Markdown below one. */
function isPackaged(file: string): boolean {
  return packageFile.files.some((one) =>
    one.endsWith('/**/*.md')
      ? file.startsWith(one.replace('**/*.md', '')) && file.endsWith('.md')
      : file === one || file.startsWith(`${one}/`),
  );
}

/** The first sentence of what stands at the head of a recipe. */
function useOf(recipe: string): string {
  const head = /^(?:#.*\n)+/.exec(recipe)?.[0] ?? '';
  const said = head
    .split('\n')
    .map((line) => line.replace(/^# ?/, ''))
    .filter((line) => !line.startsWith('yaml-language-server'))
    .join(' ')
    .trim();
  return /^.*?[.:](?= |$)/.exec(said)?.[0].replace(/:$/, '.') ?? '';
}

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

/** Each key that says what it means, with those inside it. */
function fieldsOf({ properties = {}, items, anyOf = [] }: Schema, path: string[]): string[][] {
  const inside = Object.entries(properties).flatMap(([key, schema]) => {
    const at = [...path, key];
    const own = schema.description === undefined ? [] : [[`\`${at.join('.')}\``, schema.description]];
    return [...own, ...fieldsOf(schema, at)];
  });
  const within = [...(items ? [items] : []), ...anyOf].flatMap((schema) => fieldsOf(schema, path));
  return [...new Map([...inside, ...within].map((row) => [row[0], row])).values()];
}

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
