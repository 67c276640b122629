import { z } from 'zod';
import { FailedError, InputError } from '../errors.ts';
import { parseJson } from '../http/json.ts';
import { vaultbind } from '../model/commands.ts';
import { hasSecretShape } from '../secret.ts';
import { version } from '../version.ts';
import { type KnownStep, oddOrder } from './order.ts';
import { format, type SavedPlan, savedPlanSchema, schemaVersion } from './schema.ts';
import { digest } from './seal.ts';

const header = z.object({ format: z.literal(format), schema_version: z.int(), vaultbind: z.string() });

/**
 * A plan from the text of its file.
 *
 * @param file As typed.
 * @param steps All that vaultbind has, in their order.
 * @throws InputError for what is no plan, or not as it was written; FailedError for one of another schema.
 */
export function openPlan(file: string, text: string, steps: readonly KnownStep[]): SavedPlan {
  const value = parsed(file, text);
  const known = header.safeParse(value);
  if (!known.success) throw notOurs(file, 'it is not a plan that vaultbind saved');
  if (known.data.schema_version !== schemaVersion) throw otherSchema(file, known.data);
  const checked = savedPlanSchema.safeParse(value);
  if (!checked.success) throw notOurs(file, `it is damaged: ${firstIssue(checked.error)}`);
  const { sha256, ...rest } = checked.data;
  if (digest(rest) !== sha256 || digest(sourcesOf(checked.data)) !== checked.data.recipe.sha256)
    throw notOurs(file, 'it was changed since it was saved: its hash is not that of its content');
  const odd = oddOrder(checked.data, steps);
  if (odd !== undefined) throw notOurs(file, odd);
  return checked.data;
}

export function sourcesOf({ recipe: { files, folders, beside, environment } }: SavedPlan) {
  return { files, beside, environment, ...(folders && { folders }) };
}

function parsed(file: string, text: string): unknown {
  const read = parseJson(text);
  if ('value' in read) return read.value;
  const begun = text.trimStart().startsWith('{') && read.odd.endsWith('JSON');
  throw notOurs(file, begun ? 'it is cut off, or no JSON' : read.odd);
}

function firstIssue({ issues }: z.ZodError): string {
  const [issue] = issues;
  const path = issue?.path.join('.') ?? '';
  // What stands there may be anything, so it is not repeated.
  return hasSecretShape(path)
    ? 'it does not hold what a plan holds'
    : `${path || 'its top'} is not what a plan has there`;
}

function notOurs(file: string, message: string): InputError {
  return new InputError({
    code: 'plan-unreadable',
    subject: file,
    message: `${file} cannot be applied: ${message}`,
    fix: [
      { why: 'make it again', command: vaultbind('plan', { f: 'RECIPE', out: file }) },
      { why: 'if it is a recipe, name it with -f', command: vaultbind('apply', { f: file }) },
    ],
  });
}

function otherSchema(file: string, { schema_version, vaultbind: saver }: z.infer<typeof header>): FailedError {
  return new FailedError({
    code: 'plan-stale',
    subject: file,
    message: `vaultbind ${saver} saved it with schema ${schema_version}, and this is vaultbind ${version}, which applies schema ${schemaVersion}`,
    fix: [
      {
        why: 'make it with the version that applies it',
        command: vaultbind('plan', { f: 'RECIPE', out: file }),
      },
    ],
  });
}
