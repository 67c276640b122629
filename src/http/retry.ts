import { type HttpResponse, TransportError } from './transport.ts';

const firstWait = 100;
const longestWait = 2_000;
/** A wrong address should be told within about a second; a server that restarts gets that long to come back. */
const refusedRetries = 2;

/** Milliseconds until the next try, or undefined when another try cannot help. */
export function waitBeforeRetry(outcome: HttpResponse | TransportError, attempt: number): number | undefined {
  if (outcome instanceof TransportError) return passes(outcome, attempt) ? backoff(attempt) : undefined;
  if (!isPassing(outcome)) return undefined;
  return Math.max(retryAfter(outcome.headers['retry-after']) ?? 0, backoff(attempt));
}

function passes(failure: TransportError, attempt: number): boolean {
  if (failure.kind === 'refused') return attempt <= refusedRetries;
  return failure.kind === 'reset' || (failure.kind === 'dns' && failure.detail.includes('EAI_AGAIN'));
}

function isPassing({ status, body }: HttpResponse): boolean {
  if (status === 503) return !/"sealed":\s*true|is sealed/i.test(body);
  return status === 429 || status === 412 || status === 502 || status === 504;
}

/** Full jitter, so that parallel requests do not come back together. */
function backoff(attempt: number): number {
  return Math.min(longestWait, firstWait * 2 ** attempt) * (0.5 + Math.random() / 2);
}

function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : date - Date.now();
}
