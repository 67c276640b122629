import { readFile, writeFile } from 'node:fs/promises';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';
import { products } from '../servers/servers.ts';
import { faults } from './faults.ts';
import { pairs } from './pairs.ts';
import { variants } from './variants.ts';

/** By `row product`. */
export type Answers = Map<string, { said: string; mends: string; milliseconds: number }>;

interface Row {
  id: string;
  cases: string[];
  only?: VaultProduct;
}

const tables: [title: string, Row[]][] = [
  ['One thing is broken', faults],
  [
    'Two things are broken',
    pairs.map(({ first, second }) => ({
      id: `${first.id} + ${second.id}`,
      cases: first.cases.filter((one) => second.cases.includes(one)),
    })),
  ],
  ['Nothing is broken', variants.map(({ id, only }) => ({ id, cases: [], ...(only ? { only } : {}) }))],
];

const file = new URL('MATRIX.md', import.meta.url);

const head = `# What the doctor says

A healthy binding on real servers, and one thing broken by the servers' own APIs: the first cause that
\`vaultbind doctor\` names, how sure it is, and what mends it: its first command, run in a shell as it is printed, or somebody
by hand, whom the fix names. On OpenBao with the recipe, on HashiCorp Vault with flags alone where flags can say as much. Made by \`UPDATE_GOLDEN=1 npm run doctor-matrix\`, which fails when an
answer is wrong. Cases are those of the collected real failures; the last column is milliseconds on either product, many at once.
`;

/** Prints the table; complete, it must be the one that is kept, but for the times. */
export async function keep(answers: Answers, allRight: boolean): Promise<void> {
  const text = [head, ...tables.map(([title, rows]) => table(title, rows, answers))].join('\n');
  process.stdout.write(`\n${text}\n`);
  const all = tables.flatMap(([, rows]) => rows.flatMap(({ only }) => (only ? [only] : products)));
  if (answers.size < all.length) return;
  if (!allRight) throw new Error('an answer is wrong: test/doctor/MATRIX.md stays as it is');
  if (process.env['UPDATE_GOLDEN'] === '1') return await writeFile(file, text);
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (withoutTimes(kept) !== withoutTimes(text))
    throw new Error('test/doctor/MATRIX.md is stale: UPDATE_GOLDEN=1 npm run doctor-matrix');
}

function table(title: string, rows: Row[], answers: Answers): string {
  const lines = rows.map(({ id, cases }) => {
    const both = products.map((product) => answers.get(`${id} ${product}`));
    const [bao, vault] = both.map((one) =>
      one ? `${one.said}${one.mends === '-' ? '' : `; ${one.mends}`}` : 'cannot be',
    );
    const times = both.map((one) => one?.milliseconds ?? '-').join(', ');
    return `| ${id} | ${cases.join(' ')} | ${bao} | ${bao === vault ? 'same' : vault} | ${times} |`;
  });
  return [
    `## ${title}`,
    '',
    '| | cases | OpenBao | HashiCorp Vault | ms |',
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

function withoutTimes(text: string): string {
  return text.replace(/ [^|]+ \|$/gm, '');
}
