import { type CauseId, causes } from '../codes.ts';
import { literals } from './literals/index.ts';
import type { Explanation } from './literals/literal.ts';

/** Every cause explained. */
export const catalogue: Record<CauseId, Explanation> = literals;

/** One cause as a section of Markdown; `link` makes a reference to another cause. */
function explain(cause: CauseId, link: (other: string) => string = (other) => `\`${other}\``): string {
  const { looksLike, why, tellApart, mend } = catalogue[cause];
  const title = causes[cause];
  return [
    `## ${cause}`,
    '',
    `${title[0]?.toUpperCase()}${title.slice(1)}.`,
    '',
    `**Looks like:** ${looksLike}`,
    '',
    `**Why:** ${why}`,
    '',
    '**Not to be mistaken for:**',
    '',
    ...Object.entries(tellApart).map(([other, how]) => `- ${link(other)}: ${how}.`),
    '',
    `**Mend:** ${mend}`,
    '',
  ].join('\n');
}

/** All causes as one page of Markdown, with an anchor for each. */
export function causesPage(): string {
  const link = (other: string) => `[${other}](#${other})`;
  const ids = Object.keys(causes) as CauseId[];
  return [
    '# Causes',
    '',
    'Why a login, or what follows it, fails: the causes that `vaultbind doctor` names, in the order in which a login meets them. `vaultbind explain CAUSE` prints one of them. This page is made from `src/causes/literals/`.',
    '',
    ...ids.map((id) => `- ${link(id)}: ${causes[id]}`),
    '',
    ...ids.map((id) => explain(id, link)),
  ].join('\n');
}
