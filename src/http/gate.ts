import type { HttpRequest, Transport } from './transport.ts';

/** A request that this capability may not make. Always a bug in vaultbind, never the user's doing: exit 70. */
export class GateError extends Error {
  constructor(capability: string, method: string, path: string) {
    super(`bug: ${capability} tried ${method} ${path}, which it may not; nothing was sent`);
    this.name = 'GateError';
  }
}

/**
 * Path as the server decodes it, starting with `/`, without query. `list`: the query asks for names alone. `request`:
 * all of it, where the body decides what it does.
 */
export type Allow = (method: string, path: string, list?: boolean, request?: HttpRequest) => boolean;

/** The same transport with everything else refused before it is sent: the run-time half of "plan cannot write". */
export function gate(transport: Transport, capability: string, allow: Allow): Transport {
  const check = (request: HttpRequest) => {
    const { pathname, searchParams } = new URL(request.url);
    const path = decodeURIComponent(pathname);
    if (!allow(request.method, path, /^(1|true)$/.test(searchParams.get('list') ?? ''), request))
      throw new GateError(capability, request.method, path);
  };
  return {
    sent: transport.sent,
    send: async (request) => {
      check(request);
      return transport.send(request);
    },
    stream: async (request) => {
      check(request);
      return transport.stream(request);
    },
    close: () => transport.close(),
  };
}
