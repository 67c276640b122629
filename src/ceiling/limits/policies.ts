import type { PolicyText } from '../../recipe/policies.ts';
import type { Said } from '../../recipe/rules/rule.ts';
import type { Path } from '../../recipe/source/place.ts';
import { shown } from '../../recipe/text.ts';
import { contains, widened } from '../../vault/policy/contain.ts';
import { namesKeys, reachesKeys } from '../../vault/policy/keys.ts';
import type { PolicyRule } from '../../vault/policy/rule.ts';
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

function excess(ceiling: Ceiling, { at }: PolicyText, rule: PolicyRule, path: Path): Said[] {
  const over = rule.capabilities.filter((one) => one !== 'deny' && !isAllowed(ceiling, rule.path, one));
  if (over.length === 0) return [];
  const message = `${over.join(', ')} on ${shown(rule.path)} ${over.length === 1 ? 'is' : 'are'} more than a policy may allow`;
  const said = beyond(ceiling, path, message, ['policies', 'paths']);
  return [at ? { ...said, at: at(rule.line, rule.column) } : said];
}

/**
 * One entry must hold the whole of the path: of several together it could not be proved.
 *
 * Law: what gives rights (sys, auth and identity, of a child namespace too) is reached only by an entry that names it,
 * however wide others are.
 */
function isAllowed({ document }: Ceiling, path: string, capability: string): boolean {
  const asked = widened(path);
  return (document.policies?.paths ?? []).some(
    ({ path: outer, capabilities }) =>
      capabilities.some((one) => one === capability) &&
      contains(outer, asked) &&
      (!reachesKeys(asked) || namesKeys(outer, asked)),
  );
}

/** Two servers read it in two ways, or perhaps otherwise than we do, so what it allows is not known. */
function doubtful(ceiling: Ceiling, { problems, unclear, judged, at }: PolicyText, index: number): Said[] {
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
