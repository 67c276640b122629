import { InputError, SystemError } from '../../errors.ts';
import { parseObject } from '../../http/json.ts';
import { shownText } from '../../http/shown-text.ts';
import { type HttpResponse, type Transport, TransportError } from '../../http/transport.ts';
import type { Environment } from '../../model/environment.ts';
import { Secret } from '../../secret.ts';

const urlName = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const bearerName = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';

export const fromGithub = `GitHub Actions (${urlName}, with the permission id-token: write)`;

export function githubHasTokens(env: Environment): boolean {
  return Boolean(env[urlName] && env[bearerName]);
}

/**
 * An id token for the audience ('' leaves it to GitHub).
 * Errors: InputError when the address is none to send a bearer token to; SystemError id-token-refused.
 */
export async function githubToken(transport: Transport, env: Environment, audience: string): Promise<Secret> {
  const url = requestUrl(env[urlName] ?? '', audience);
  const bearer = new Secret(env[bearerName] ?? '');
  const answer = await ask(transport, url, bearer);
  const value = tokenIn(answer);
  if (value !== undefined) return new Secret(value);
  throw refused(url, `it answered ${answer.status}${saidIn(answer)}`);
}

function requestUrl(text: string, audience: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (!url || (url.protocol !== 'https:' && !(loopback && url.protocol === 'http:')))
    throw new InputError({
      code: 'usage',
      subject: urlName,
      message: `${urlName} is no https URL, and a bearer token would be sent to it`,
      fix: [{ why: 'the runner sets it; leave it as it is' }],
    });
  if (audience !== '') url.searchParams.set('audience', audience);
  return url;
}

async function ask(transport: Transport, url: URL, bearer: Secret): Promise<HttpResponse> {
  try {
    const headers = { authorization: `Bearer ${bearer.reveal()}`, accept: 'application/json' };
    return await transport.send({ method: 'GET', url: url.href, headers, repeatable: true });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw refused(url, `there is no answer: ${error.detail}`);
  }
}

function tokenIn({ status, body }: HttpResponse): string | undefined {
  const value = status === 200 ? parseObject(body)?.['value'] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** GitHub says why in `message`; a page of HTML says nothing. */
function saidIn({ body }: HttpResponse): string {
  const message = parseObject(body)?.['message'];
  return typeof message === 'string' ? `: ${shownText(message)}` : '';
}

function refused({ origin }: URL, why: string): SystemError {
  return new SystemError({
    code: 'id-token-refused',
    subject: urlName,
    message: `no id token came from ${origin}: ${why}`,
    fix: [{ why: 'give the job the permission to ask for one: permissions: { id-token: write }' }],
  });
}
