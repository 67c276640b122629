import {
  type Configuration,
  createConfiguration,
  type RequestContext,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@kubernetes/client-node';
import { SystemError, VaultbindError } from '../errors.ts';
import { GateError } from '../http/gate.ts';
import { type HttpRequest, type HttpResponse, type Transport, TransportError } from '../http/transport.ts';
import { oddIn, oddKubernetesAnswer, undecodable } from './answers/odd.ts';
import type { KubernetesConnection } from './connection.ts';
import type { Credential } from './credentials/credentials.ts';
import { ApiRefusal, isApiAnswer, kubernetesRefusal, notAnApiServer } from './errors.ts';
import { askedBy } from './refusals/resource-path.ts';
import { noClusterAnswer } from './refusals/unreachable.ts';

/**
 * client-node's configuration whose every request goes through `transport`. What comes back to client-node is always a
 * good answer: anything else leaves as our own error, so that its ApiException, which holds headers and body, is never made.
 */
export function configuration(
  connection: KubernetesConnection,
  transport: Transport,
  credential: () => Promise<Credential>,
): Configuration {
  return createConfiguration({
    baseServer: new ServerConfiguration(connection.server, {}),
    httpApi: wrapHttpLibrary({
      send: async (context) => {
        const request = requestOf(context);
        const response = await transport.send(request).catch(async (error: unknown) => {
          throw error instanceof TransportError ? await noClusterAnswer(connection, error) : error;
        });
        if (response.status < 200 || response.status > 299) {
          throw kubernetesRefusal(
            connection,
            request,
            response,
            response.status === 401 ? await credential() : undefined,
          );
        }
        if (!isApiAnswer(response))
          throw new ApiRefusal(notAnApiServer(connection, response), response.status, undefined, '');
        const odd = oddIn(askedBy(request), response);
        if (odd !== undefined)
          throw new ApiRefusal(oddKubernetesAnswer(connection.server, request, odd), response.status, undefined, odd);
        return good(response);
      },
    }),
  });
}

/**
 * One of client-node's APIs, whose every failure is one of ours: its deserialiser believes whatever a schema does not
 * name, and throws what it meets.
 */
export function connected<T extends object>(Api: new (config: Configuration) => T, config: Configuration): T {
  return new Proxy(new Api(config), {
    get: (api, name, receiver) => {
      const method: unknown = Reflect.get(api, name, receiver);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        try {
          return await method.apply(api, args);
        } catch (error) {
          throw error instanceof VaultbindError || isBug(error) ? error : new SystemError(undecodable(error));
        }
      };
    },
  });
}

/** What a gate or this file itself says. */
function isBug(error: unknown): boolean {
  return error instanceof GateError || (error instanceof Error && error.message.startsWith('bug: '));
}

function requestOf(context: RequestContext): HttpRequest {
  const body = context.getBody();
  if (body !== undefined && typeof body !== 'string') throw new Error('bug: a request body that is no text');
  return {
    method: context.getHttpMethod(),
    url: context.getUrl(),
    headers: context.getHeaders(),
    body,
    // All of ours are: reads, reviews, short-lived tokens; what makes or changes an object does so once, however often it is sent.
    repeatable: true,
  };
}

function good({ status, headers, body }: HttpResponse): ResponseContext {
  const bytes = async () => Buffer.from(body);
  return new ResponseContext(status, headers, { text: async () => body, binary: bytes, stream: () => null });
}
