import { type CauseId, causes } from '../codes.ts';
import { cluster } from './causes/cluster.ts';
import type { Explanation } from './causes/literal.ts';
import { kubernetes } from './causes/kubernetes.ts';
import { loginToken } from './causes/login-token.ts';
import { mount } from './causes/mount.ts';
import { policy } from './causes/policy.ts';
import { reviewer } from './causes/reviewer.ts';
import { vaultCatalogue } from './causes/vault.ts';

/** Every cause explained. A cause of codes.ts that no file explains does not compile. */
export const catalogue: Record<CauseId, Explanation> = {
  ...vaultCatalogue,
  ...mount,
  ...reviewer,
  ...cluster,
  ...loginToken,
  ...policy,
  ...kubernetes,
};

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
    'Why a login, or what follows it, fails: the causes that `vaultbind doctor` names, in the order in which a login meets them. `vaultbind explain CAUSE` prints one of them. This page is made from `src/doctor/causes/`.',
    '',
    ...ids.map((id) => `- ${link(id)}: ${causes[id]}`),
    '',
    ...ids.map((id) => explain(id, link)),
  ].join('\n');
}
