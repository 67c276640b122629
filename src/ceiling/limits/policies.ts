import { contains, widened } from '../../policy/contain.ts';
import { admitsKeys, reachesKeys } from '../../policy/keys.ts';
import type { PolicyRule } from '../../policy/rule.ts';
import type { PolicyText } from '../../recipe/policies.ts';
import type { Objection } from '../../recipe/rules/objection.ts';
import type { Path } from '../../recipe/source/place.ts';
import { shown } from '../../recipe/text.ts';
import { beyond, type Ceiling, type CeilingLimit } from '../ceiling.ts';
import { allowed } from '../names.ts';

export const policyNames: CeilingLimit = (ceiling, { policies }) =>
  policies.flatMap(({ name }, index) =>
    allowed(ceiling.document.policies?.names, name)
      ? []
      : [beyond(ceiling, ['policies', index, 'name'], `policy ${name} may not be written`, ['policies', 'names'])],
  );

/** However a policy was written, what counts is what the servers read in it. */
export const policyPaths: CeilingLimit = (ceiling, { policies }) =>
  policies.flatMap((policy, index) => [
    ...policy.rules.flatMap((rule, at) => excess(ceiling, policy, rule, placeOf(policy, index, at))),
    ...doubtful(ceiling, policy, index),
  ]);

function placeOf({ at }: PolicyText, policy: number, rule: number): Path {
  return at ? ['policies', policy] : ['policies', policy, 'rules', rule, 'path'];
}

function excess(ceiling: Ceiling, { at }: PolicyText, rule: PolicyRule, path: Path): Objection[] {
  const over = rule.capabilities.filter((one) => one !== 'deny' && !isAllowed(ceiling, rule.path, one));
  if (over.length === 0) return [];
  const message = `${over.join(', ')} on ${shown(rule.path)} ${over.length === 1 ? 'is' : 'are'} more than a policy may allow`;
  const said = { ...beyond(ceiling, path, message, ['policies', 'paths']), ...adviceOn(ceiling, rule.path, over) };
  return [at ? { ...said, at: at(rule.line, rule.column) } : said];
}

/** One entry must hold the whole of the path: of several together it could not be proved. */
function isAllowed(ceiling: Ceiling, path: string, capability: string): boolean {
  return holding(ceiling, path, capability).some((entry) => admitsKeys(entry, path));
}

/** The entries that hold the path, whether or not they say that it may give rights. */
function holding({ document }: Ceiling, path: string, capability: string): string[] {
  const asked = widened(path);
  const entries = document.policies?.paths ?? [];
  return entries
    .filter(({ path: outer, capabilities }) => capabilities.some((one) => one === capability) && contains(outer, asked))
    .map(({ path: outer }) => outer);
}

/** How to write what some entry holds, and does not let be because it reaches what gives rights. */
function adviceOn(ceiling: Ceiling, path: string, over: string[]): { fix?: string } {
  if (!over.every((one) => holding(ceiling, path, one).length > 0)) return {};
  const where = 'sys/, auth/ and identity/, of a child namespace too, give rights, and are reached by an entry alone';
  const named = `${where} that has the word in front of any + and *: the ceiling would name this path itself`;
  const may = `${where} that has the word in front of any + and *, and this path may become one of them: write out the paths that are meant, or a + as the last segment in place of the *`;
  return { fix: reachesKeys(path) === 'named' ? named : may };
}

/** Two servers read it in two ways, or perhaps otherwise than we do, so what it allows is not known. */
function doubtful(ceiling: Ceiling, { problems, unclear, judged, at }: PolicyText, index: number): Objection[] {
  const doubts = [...(unclear ? [unclear] : []), ...problems];
  if (doubts.length === 0 && !judged.printed()) doubts.push({ message: 'it has no plain form', line: 1, column: 1 });
  return doubts.map(({ message, line, column }) => {
    const said = beyond(ceiling, ['policies', index], `what it allows is not clear (${message})`, [
      'policies',
      'paths',
    ]);
    return at ? { ...said, at: at(line, column) } : said;
  });
}
