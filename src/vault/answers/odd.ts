import type { z } from 'zod';
import { SystemError } from '../../errors.ts';
import { shownText } from '../../http/shown-text.ts';
import type { VaultAnswer } from '../node-vault.ts';
import { type PathName, pathNames } from '../paths.ts';
import { hasNoNamespace } from './answers.ts';
import { alwaysThere, foreignAnswer, listAnswer, readAnswers, writeAnswers } from './schemas.ts';

export type Verb = 'read' | 'list' | 'write' | 'remove';

/**
 * The edge: an answer that claims success is believed to have the shape that its path has, or is this error. Nothing
 * behind it looks at an answer that was not held against its schema.
 * @throws SystemError vault-answer-odd
 */
export function checkAnswer(address: string, verb: Verb, path: string, answer: VaultAnswer): void {
  const odd = oddIn(verb, path, answer);
  if (odd !== undefined) throw oddVaultAnswer(address, verb, path, odd);
}

export function oddVaultAnswer(address: string, verb: Verb, path: string, odd: string): SystemError {
  const method = { read: 'GET', list: 'LIST', write: 'POST', remove: 'DELETE' }[verb];
  return new SystemError({
    code: 'vault-answer-odd',
    subject: path,
    message: `the answer of ${address} to ${method} ${path} is none of Vault's: ${odd}; nothing was concluded from it`,
    fix: [{ why: 'look for a gateway, proxy or cache that answers in place of Vault, or changes what it says' }],
  });
}

function oddIn(verb: Verb, path: string, answer: VaultAnswer): string | undefined {
  const names = pathNames(path);
  const { status, body, odd } = answer;
  if (status === 404 && names.some((name) => alwaysThere.includes(name)) && !hasNoNamespace(answer))
    return 'it says 404, and this is there on every Vault';
  if (status < 200 || status > 299) return undefined;
  if (odd !== undefined) return odd;
  // What is no JSON at all is told as what it is: no Vault.
  if (answer.notJson) return undefined;
  if (verb === 'read' || verb === 'list') return mismatch(schemasOf(verb, names), body);
  const due = names.flatMap((name) => (verb === 'write' && writeAnswers[name]) || []);
  // A role may be called login: what may be either may be answered as either.
  const mayBeEmpty = names.length !== due.length;
  if (due.length > 0 && !(mayBeEmpty && isDone(answer))) return mismatch(due, body);
  return isDone(answer) ? undefined : `it says ${status}, and neither that it is done nor anything else`;
}

function schemasOf(verb: 'read' | 'list', names: PathName[]): z.ZodType[] {
  if (verb === 'list') return [listAnswer];
  const known = names.flatMap((name) => readAnswers[name] ?? []);
  return known.length > 0 ? known : [foreignAnswer];
}

/** Vault says so by 204, or by an answer that has the number of the request. */
function isDone({ status, body }: VaultAnswer): boolean {
  return body === undefined ? status === 204 : typeof body['request_id'] === 'string';
}

function mismatch(schemas: z.ZodType[], body: unknown): string | undefined {
  if (body === undefined) return 'it is empty';
  let first: string | undefined;
  for (const schema of schemas) {
    const checked = schema.safeParse(body);
    if (checked.success) return undefined;
    first ??= inWords(checked.error);
  }
  return first;
}

/** Zod names types and never values; the path may hold names of the server's. */
function inWords({ issues: [issue] }: z.ZodError): string {
  const where = shownText((issue?.path ?? []).map(String).join('.')).slice(0, 120);
  return `${where === '' ? 'it' : where} is not as it should be (${issue?.message ?? 'another shape'})`;
}
