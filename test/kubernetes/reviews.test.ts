import { expect, it, onTestFinished } from 'vitest';
import { SystemError } from '../../src/errors.ts';
import { createKubernetes } from '../../src/kubernetes/client.ts';
import { fixedCredentials } from '../../src/kubernetes/credentials/credentials.ts';
import { Secret } from '../../src/secret.ts';
import { type Fault, startFaults } from '../servers/faults.ts';
import { apiHost } from '../trust/host.ts';

/** A TokenReview that a token sends of itself, answered in one way. */
async function reviewed(fault: Fault) {
  const server = await startFaults();
  onTestFinished(() => server.close());
  server.inject({ fault });
  const connection = { server: apiHost(server.url), context: '', origin: '', user: '', proxy: 'environment', env: {} };
  const gateway = createKubernetes(
    { ...connection, tls: { insecure: false }, credentials: fixedCredentials('nobody', {}) },
    { userAgent: 'test', parallel: 1, timeout: 20_000 },
  );
  onTestFinished(() => gateway.close());
  const token = new Secret('header.payload.signature');
  return await gateway.prober.reviewToken(token, { as: token }).catch((error: unknown) => error);
}

const status = (code: number, reason: string): Fault => ({
  kind: 'answer',
  status: code,
  // No client waits as long, so none is sent again.
  headers: { 'retry-after': '3600' },
  body: JSON.stringify({ kind: 'Status', status: 'Failure', code, reason, message: reason }),
});

/** Of the answers to a TokenReview only 401, 403 and a review judge the bearer. */
it.each([401, 403])('%i is a verdict', async (code) => {
  expect(await reviewed(status(code, 'no'))).toMatchObject({ status: code, authenticated: false, said: 'no' });
});

it.each([400, 404, 409, 410, 422, 429, 500, 502, 503, 504])('%i is none: exit 4', async (code) => {
  const error = await reviewed(status(code, 'busy'));
  expect(error).toBeInstanceOf(SystemError);
  expect(error).toMatchObject({ exit: 4, code: 'kubernetes-error' });
});

it.each<[string, Fault]>([
  ['a page with 401', { kind: 'answer', status: 401, body: '<html>' }],
  ['a page with 200', { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }],
])('%s is none either', async (_what, fault) => {
  expect(await reviewed(fault)).toMatchObject({ exit: 4 });
});
