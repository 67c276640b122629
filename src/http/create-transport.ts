import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import { largestBody, largestError, largestRefusal, readBody } from './body.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { createDispatchers, type Dispatchers } from './dispatcher.ts';
import { linesOf } from './lines.ts';
import { createQueue } from './queue.ts';
import { waitBeforeRetry } from './retry.ts';
import {
  type HttpRequest,
  type HttpResponse,
  type HttpStream,
  type Transport,
  TransportError,
  type TransportOptions,
} from './transport.ts';

/** The way out of this process for both gateways: kept-alive connections, a queue, deadlines and retries. */
export function createTransport(options: TransportOptions): Transport {
  // Each request listens while it is under way; Node would print a warning from the eleventh on.
  if (options.signal) setMaxListeners(0, options.signal);
  const dispatchers = createDispatchers(options);
  const queue = createQueue(options.parallel, options.rate);
  const sent: string[] = [];
  const wire: Wire = { options, dispatchers, sent };
  return {
    sent,
    send: async (request) => {
      const done = options.begin?.();
      try {
        return await queue(() => sendWithRetries(wire, request));
      } finally {
        done?.();
      }
    },
    stream: (request) => openStream(wire, request),
    close: () => dispatchers.destroy(),
  };
}

interface Wire {
  options: TransportOptions;
  dispatchers: Dispatchers;
  sent: string[];
}

async function sendWithRetries(wire: Wire, request: HttpRequest): Promise<HttpResponse> {
  const deadline = deadlineFor(wire, request);
  const most = request.repeatable ? (wire.options.retries ?? 4) : 0;
  let arrived = false;
  try {
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(wire, request, deadline, attempt);
      arrived ||= !(outcome instanceof TransportError && outcome.unsent);
      const wait = attempt > most ? undefined : waitBeforeRetry(outcome, attempt);
      if (wait === undefined || wait >= deadline.left() || !(await deadline.sleep(wait))) {
        if (!(outcome instanceof TransportError)) return outcome;
        if (!arrived) request.making?.unsent();
        throw outcome;
      }
    }
  } finally {
    deadline.end();
  }
}

async function attemptOnce(wire: Wire, request: HttpRequest, deadline: Deadline, attempt: number) {
  const note = startLog(wire, request, attempt);
  try {
    const answer = await put(wire, request, 'send', deadline.signal);
    const body = await bodyOf(request, answer, wire.options.largest ?? largestBody);
    note(answer.statusCode);
    return { status: answer.statusCode, headers: flatten(answer.headers), body };
  } catch (error) {
    const failure = deadline.reason() ?? translated(wire, error, request.url);
    note(failure.tlsCode || failure.kind);
    return failure;
  }
}

/** What may hold a secret is never decoded and never kept, where only the status is wanted. */
async function bodyOf({ unread }: HttpRequest, answer: Dispatcher.ResponseData, most: number): Promise<string> {
  const { statusCode, body } = answer;
  if (!unread) return await readBody(body, statusCode < 300 ? most : Math.min(most, largestError));
  if (statusCode >= 400) return await readBody(body, Math.min(most, largestRefusal));
  await body.dump({ limit: 1 });
  return '';
}

async function openStream(wire: Wire, request: HttpRequest): Promise<HttpStream> {
  const deadline = deadlineFor(wire, request);
  const note = startLog(wire, request, 1);
  const explain = (error: unknown) => deadline.reason() ?? translated(wire, error, request.url);
  try {
    const answer = await put(wire, request, 'stream', deadline.signal);
    const close = () => {
      deadline.end();
      deadline.cut();
    };
    const { statusCode: status } = answer;
    if (status !== 200) {
      const body = await readBody(answer.body, largestRefusal);
      note(status);
      close();
      return { status, body, lines: none(), close };
    }
    deadline.headersArrived();
    note(status);
    return { status, body: '', lines: linesOf(answer.body, deadline.signal, explain, close), close };
  } catch (error) {
    const failure = explain(error);
    deadline.end();
    note(failure.tlsCode || failure.kind);
    throw failure;
  }
}

async function* none(): AsyncGenerator<string> {}

/** Our own errors are understood already. */
function translated({ dispatchers }: Wire, error: unknown, url: string): TransportError {
  return error instanceof TransportError ? error : dispatchers.explain(error, url);
}

function deadlineFor({ options }: Wire, request: HttpRequest): Deadline {
  return startDeadline(
    request.timeout ?? options.timeout,
    request.tidying || request.making ? undefined : options.signal,
  );
}

function put(
  wire: Wire,
  request: HttpRequest,
  use: 'send' | 'stream',
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { origin, pathname, search } = new URL(request.url);
  wire.sent.push(`${request.method} ${pathname}${search}`);
  return wire.dispatchers.forOrigin(origin, use).request({
    origin,
    path: pathname + search,
    // undici's type lists the common verbs; LIST is Vault's own and passes.
    method: request.method as Dispatcher.HttpMethod,
    headers: { 'user-agent': wire.options.userAgent, ...request.headers },
    body: request.body,
    signal,
  });
}

function startLog(wire: Wire, request: HttpRequest, attempt: number): (outcome: number | string) => void {
  const { log } = wire.options;
  const started = performance.now();
  return (outcome) =>
    log?.({
      method: request.method,
      path: new URL(request.url).pathname,
      outcome,
      milliseconds: Math.round(performance.now() - started),
      attempt,
    });
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
