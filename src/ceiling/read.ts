import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { InputError, type Problem } from '../errors.ts';
import { keysAt } from '../recipe/schema/keys-at.ts';
import { valueMessage } from '../recipe/schema/messages.ts';
import { type Path, pathText, positionOf, valueAt } from '../recipe/source/place.ts';
import { expectRegular } from '../recipe/source/regular.ts';
import { type ParsedYaml, parseYaml } from '../recipe/source/yaml.ts';
import { didYouMean, nearest } from '../recipe/suggest.ts';
import { shown } from '../recipe/text.ts';
import type { Ceiling } from './ceiling.ts';
import { ceilingSchema } from './schema.ts';

/**
 * @param file As typed.
 * @throws InputError with every mistake and its place; a ceiling with a mistake allows nothing.
 */
export function readCeiling(file: string, cwd: string): Ceiling {
  const parsed = parseYaml(file, textOf(file, cwd), { env: {}, allowedEnv: [] }, aCeiling);
  const checked = ceilingSchema.safeParse(parsed.value);
  const shape = parsed.readable && !checked.success ? checked.error.issues : [];
  const problems = [
    ...parsed.problems.map((one) => ({ ...one, code: 'ceiling-invalid' as const })),
    ...shape.flatMap((issue) => problemsOf({ ...issue, path: issue.path as Path }, parsed)),
  ];
  InputError.throwAny(problems);
  if (!checked.success) throw new Error('a ceiling without a document and without a problem');
  return {
    document: checked.data,
    where: (path) => {
      const { line, column } = positionOf(parsed.place, path);
      return `${file}:${line}:${column}`;
    },
  };
}

const aCeiling = 'a ceiling is a mapping of keys (version, auth, policies, roles, …)';

function textOf(file: string, cwd: string): string {
  try {
    const path = resolve(cwd, file);
    expectRegular(path);
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/,? '.*$|,? read$/, '') : String(error);
    throw new InputError({
      code: 'ceiling-unreadable',
      subject: file,
      message: `the ceiling ${file} cannot be read: ${reason}`,
      fix: [{ why: 'name the file with --ceiling or in VAULTBIND_CEILING, or unset that to have none' }],
    });
  }
}

type Issue = z.core.$ZodIssue & { path: Path };

function problemsOf(issue: Issue, { value, place }: ParsedYaml): Problem[] {
  const { path } = issue;
  const make = (at: Path, message: string, part: 'key' | 'value' = 'value'): Problem => {
    const subject = pathText(at, value);
    return { code: 'ceiling-invalid', subject, message, at: positionOf(place, at, part) };
  };
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const where = path.length === 0 ? '' : ` in ${pathText(path, value)}`;
      const meant = didYouMean(nearest(key, keysAt(ceilingSchema, path)));
      return make([...path, key], `unknown key ${shown(key)}${where}${meant}`, 'key');
    });
  const found = valueAt(value, path);
  const said = found === undefined ? 'is missing' : valueMessage(issue, found);
  return [make(path, `${pathText(path, value)}: ${said}`)];
}
