import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { type Listening, listen } from './listen.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** PEM, for jwt_validation_pubkeys. */
export const issuerKey = publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** An id token as a pipeline's issuer signs them. */
export function idToken(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const body = { iss: 'https://ci.example.com', sub: 'repo:a/b', iat: now, exp: now + 300, ...claims };
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(body)}`;
  return `${text}.${createSign('sha256').update(text).sign(privateKey, 'base64url')}`;
}

export interface GithubEndpoint extends Listening {
  /** What a runner has in ACTIONS_ID_TOKEN_REQUEST_URL. */
  url: string;
  /** Requests so far, as `GET /path?query`. */
  asked: string[];
}

/** GitHub's endpoint for id tokens, which cannot answer here: it wants the bearer and says the audience. */
export async function githubEndpoint(bearer: string, claims: () => object = () => ({})): Promise<GithubEndpoint> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://server');
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    const good = request.headers.authorization === `Bearer ${bearer}` && url.searchParams.get('api-version') === '2.0';
    const aud = url.searchParams.get('audience') ?? 'https://github.com/owner';
    const body = good
      ? { count: 1, value: idToken({ aud, ...claims() }) }
      : { message: `bad bearer ${request.headers.authorization}` };
    response.writeHead(good ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const listening = await listen(server);
  return { ...listening, asked, url: `http://127.0.0.1:${listening.port}/token?api-version=2.0` };
}
