import { type Problem, SystemError } from '../errors.ts';
import { shownText as plain } from '../http/shown-text.ts';
import type { HttpRequest, HttpResponse } from '../http/transport.ts';
import { kubectl } from '../model/commands.ts';
import type { ApiStatus } from './answers/schemas.ts';
import type { KubernetesConnection } from './connection.ts';
import type { Credential } from './credentials/credentials.ts';
import { apiStatus, gist } from './refusals/api-answer.ts';
import { conflict } from './refusals/conflict.ts';
import { forbidden } from './refusals/forbidden.ts';
import { notFound } from './refusals/not-found.ts';
import { anonymous, rejected } from './refusals/rejected.ts';
import { type AskedOfCluster, askedBy } from './refusals/resource-path.ts';

/** An answer of the API server that is no success, in our words. The caller may still act on its status. */
export class ApiRefusal extends SystemError {
  /** HTTP status. */
  readonly status: number;
  /** Kubernetes' own words for the status, e.g. NotFound; '' when it is no Status. */
  readonly reason: string;
  /** The server's message, scrubbed. */
  readonly said: string;
  /** Kind, in the plural, of the object that a 404 misses. */
  readonly missing?: string;

  constructor(problem: Problem, status: number, body: ApiStatus | undefined, said: string) {
    super(problem);
    this.status = status;
    this.reason = body?.reason ?? '';
    this.said = said;
    if (body?.details?.kind) this.missing = body.details.kind;
  }
}

/** Every answer outside 2xx, and a 2xx that is no JSON. */
export function kubernetesRefusal(
  connection: KubernetesConnection,
  request: HttpRequest,
  response: HttpResponse,
  credential?: Credential,
): ApiRefusal {
  const body = apiStatus(response.body);
  const said = body?.message === undefined ? gist(response.body) : plain(body.message);
  const context = { connection, what: askedBy(request), response, body, said, credential };
  return new ApiRefusal(problemOf(context), response.status, body, said);
}

/** The API server answers in JSON, always; a login page or a proxy does not. */
export function isApiAnswer(response: HttpResponse): boolean {
  return /^application\/json\b/.test(response.headers['content-type'] ?? '') || apiStatus(response.body) !== undefined;
}

interface Refused {
  connection: KubernetesConnection;
  what: AskedOfCluster;
  response: HttpResponse;
  body: ApiStatus | undefined;
  said: string;
  credential: Credential | undefined;
}

function problemOf(refused: Refused): Problem {
  const { connection, what, response, body, said } = refused;
  const { status } = response;
  if (status === 401 && body) return rejected(connection, said, refused.credential);
  if (!body && !(status === 429 || status >= 500)) return notAnApiServer(connection, response);
  if (status === 403 && /User "system:anonymous"/.test(said)) return anonymous(connection);
  if (status === 403) return forbidden(what, said, connection.server);
  if (status === 404) return notFound(what, body, said);
  if (status === 409) return conflict(what, said);
  const busy = status === 429 ? 'is overloaded (429)' : `answers ${status}`;
  return {
    code: 'kubernetes-error',
    subject: what.subject,
    message: `${what.subject}: the API server ${connection.server} ${busy}: ${said || '(no message)'}`,
    fix: [
      status === 429 || status >= 500
        ? {
            why: 'Look whether the API server is well, and run again.',
            command: kubectl('get', [], { raw: '/readyz?verbose' }),
          }
        : { why: "The message above is the API server's own." },
    ],
  };
}

export function notAnApiServer({ server, origin }: KubernetesConnection, response: HttpResponse): Problem {
  const page = gist(response.body) || '(nothing)';
  const location = response.headers['location'];
  return {
    code: 'kubernetes-not-an-api-server',
    subject: server,
    message: `what answers at ${server} is not a Kubernetes API server: ${response.status}, ${page}${location ? `, redirecting to ${plain(location.split('?')[0] ?? '')}` : ''}`,
    fix: [
      {
        why: `Correct the cluster's server in ${origin}; a proxy or login page may stand before it.`,
        command: kubectl('cluster-info'),
      },
    ],
  };
}

/** Narrowed to a refusal of this status. */
export function isApiRefusal(error: unknown, status: number): error is ApiRefusal {
  return error instanceof ApiRefusal && error.status === status;
}

/** A missing object is undefined; a missing API, or an address that is none, stays an error. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (isApiRefusal(error, 404) && error.reason === 'NotFound' && error.missing) return undefined;
    throw error;
  });
}
