import type { z } from 'zod';
import type { Problem } from '../../errors.ts';
import { isObject, parseJson } from '../../http/json.ts';
import { shownText } from '../../http/shown-text.ts';
import type { HttpRequest, HttpResponse } from '../../http/transport.ts';
import type { AskedOfCluster } from '../refusals/resource-path.ts';
import { objectAnswers, reviewAnswers, versionAnswer } from './schemas.ts';

/**
 * The edge: what is odd about an answer that claims success; undefined when it has the shape of what was asked for, and
 * speaks of the very object. Nothing behind it looks at an answer that was not held against its schema.
 */
export function oddIn(what: AskedOfCluster, { status, body }: HttpResponse): string | undefined {
  const parsed = parseJson(body);
  if ('odd' in parsed) return status === 204 ? 'it says 204, no content' : parsed.odd;
  const checked = schemaOf(what)?.safeParse(parsed.value);
  if (!checked) return 'nothing is known of such answers';
  if (!checked.success) return inWords(checked.error);
  return isOf(what, parsed.value) ? undefined : 'it is about another object';
}

/** The problem, for an error of the caller's kind. */
export function oddKubernetesAnswer(server: string, { method, url }: HttpRequest, odd: string): Problem {
  const path = decodeURIComponent(new URL(url).pathname);
  return oddProblem(server, `${method} ${path}`, odd);
}

/** What client-node could not take apart all the same. */
export function undecodable(error: unknown): Problem {
  const what = error instanceof Error ? error.name : 'error';
  return oddProblem('the API server', 'a request', `client-node cannot take it apart (${what})`);
}

function oddProblem(server: string, asked: string, odd: string): Problem {
  return {
    code: 'kubernetes-answer-odd',
    subject: asked.replace(/^\S+ /, ''),
    message: `the answer of ${server} to ${asked} is none of an API server's: ${odd}; nothing was concluded from it`,
    fix: [{ why: 'Look for a gateway, proxy or cache that answers in place of the API server.' }],
  };
}

function schemaOf({ verb, resource, name }: AskedOfCluster): z.ZodType | undefined {
  if (resource.endsWith('/version')) return versionAnswer;
  if (verb === 'create' && Object.hasOwn(reviewAnswers, resource)) return reviewAnswers[resource];
  const known = Object.hasOwn(objectAnswers, resource) ? objectAnswers[resource] : undefined;
  return verb === 'create' || name !== undefined ? known?.one : known?.all;
}

function isOf({ verb, name, namespace }: AskedOfCluster, answer: unknown): boolean {
  if (name === undefined || verb === 'create' || !isObject(answer) || !isObject(answer['metadata'])) return true;
  const { metadata } = answer;
  return metadata['name'] === name && (namespace === undefined || metadata['namespace'] === namespace);
}

/** Zod names types and never values; the path may hold names of the server's. */
function inWords({ issues: [issue] }: z.ZodError): string {
  const where = shownText((issue?.path ?? []).map(String).join('.')).slice(0, 120);
  return `${where === '' ? 'it' : where} is not as it should be (${issue?.message ?? 'another shape'})`;
}
