import { parseDuration, printDuration } from '../../recipe/durations.ts';
import type { Role } from '../../recipe/recipe.ts';
import type { Objection } from '../../recipe/rules/objection.ts';
import { beyond, type Ceiling, type CeilingLimit } from '../ceiling.ts';

/** In seconds. Undefined: the role leaves it to the mount and the server, and no recipe knows what they have. */
interface Lifetime {
  /** From the login to its end or its first renewal. */
  first: number | undefined;
  /** With all renewals. */
  whole: number | undefined;
}

/** The shortest of what is set counts; beside a period only the explicit maximum does. */
function lifetimeOf({ token_ttl, token_max_ttl, token_explicit_max_ttl, token_period, token_type }: Role): Lifetime {
  if (token_period)
    return { first: shortest(token_period, token_explicit_max_ttl), whole: shortest(token_explicit_max_ttl) };
  const first = shortest(token_ttl, token_max_ttl, token_explicit_max_ttl);
  // A batch token is not renewed.
  return { first, whole: token_type === 'batch' ? first : shortest(token_max_ttl, token_explicit_max_ttl) };
}

/** 0 is as good as nothing said. */
function shortest(...limits: (number | undefined)[]): number | undefined {
  const set = limits.filter((one) => one !== undefined && one > 0) as number[];
  return set.length === 0 ? undefined : Math.min(...set);
}

const fields = ['token_ttl', 'token_max_ttl', 'token_period'] as const;
type Field = (typeof fields)[number];

/** How long tokens live. As soon as a ceiling speaks of it, tokens without an end need a word of their own. */
export const lifetimes: CeilingLimit = (ceiling, { recipe }) => {
  if (fields.every((field) => limitOf(ceiling, field) === undefined)) return [];
  return recipe.roles.flatMap((role, index) =>
    role.token_period ? periodic(ceiling, role, index) : ending(ceiling, role, index),
  );
};

function limitOf({ document }: Ceiling, field: Field): number | undefined {
  const said = document.roles?.[field];
  return said === undefined ? undefined : parseDuration(said);
}

function ending(ceiling: Ceiling, role: Role, index: number): Objection[] {
  const { first, whole } = lifetimeOf(role);
  return [
    ...longer(ceiling, index, 'token_ttl', first, 'a token of this role lives'),
    ...longer(ceiling, index, 'token_max_ttl', whole, 'a token of this role can be renewed until it has lived'),
  ];
}

/** An explicit maximum ends it; else the ceiling must allow the period. */
function periodic(ceiling: Ceiling, role: Role, index: number): Objection[] {
  if (limitOf(ceiling, 'token_period') !== undefined)
    return longer(ceiling, index, 'token_period', role.token_period, 'a token of this role is renewed by');
  if (role.token_explicit_max_ttl) return ending(ceiling, role, index);
  const message = 'a token of this role can be renewed for ever';
  return [beyond(ceiling, ['roles', index, 'token_period'], message, ['roles', 'token_period'])];
}

function longer(ceiling: Ceiling, index: number, field: Field, has: number | undefined, what: string): Objection[] {
  const limit = limitOf(ceiling, field);
  if (limit === undefined || (has !== undefined && has <= limit)) return [];
  const long =
    has === undefined
      ? 'as long as the mount or the server lets it, 768h by default'
      : `${printDuration(has)}, which is more than ${printDuration(limit)}`;
  return [beyond(ceiling, ['roles', index, field], `${what} ${long}`, ['roles', field])];
}
