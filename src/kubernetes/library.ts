import {
  type Configuration,
  createConfiguration,
  type RequestContext,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@kubernetes/client-node';
import { type HttpRequest, type HttpResponse, type Transport, TransportError } from '../http/transport.ts';
import type { KubernetesConnection } from './connect.ts';
import type { Credential } from './credentials/credentials.ts';
import { ApiRefusal, isApiAnswer, notAnApiServer, refusal } from './errors.ts';
import { noAnswer } from './refusals/unreachable.ts';

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
          throw error instanceof TransportError ? await noAnswer(connection, error) : error;
        });
        if (response.status < 200 || response.status > 299) {
          throw refusal(connection, request, response, response.status === 401 ? await credential() : undefined);
        }
        if (!isApiAnswer(response))
          throw new ApiRefusal(notAnApiServer(connection, response), response.status, undefined, '');
        return good(response);
      },
    }),
  });
}

function requestOf(context: RequestContext): HttpRequest {
  const body = context.getBody();
  if (body !== undefined && typeof body !== 'string') throw new Error('bug: a request body that is no text');
  return {
    method: context.getHttpMethod(),
    url: context.getUrl(),
    headers: context.getHeaders(),
    ...(body !== undefined && { body }),
    // All of ours are: reads, reviews, short-lived tokens, server-side apply.
    repeatable: true,
  };
}

function good({ status, headers, body }: HttpResponse): ResponseContext {
  const bytes = async () => Buffer.from(body);
  return new ResponseContext(status, headers, { text: async () => body, binary: bytes, stream: () => null });
}
