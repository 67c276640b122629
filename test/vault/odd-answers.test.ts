import { describe, expect, test } from 'vitest';
import { SystemError } from '../../src/errors.ts';
import { Secret } from '../../src/secret.ts';
import type { VaultSession } from '../../src/vault/api.ts';
import { VouchedMount } from '../../src/vault/vouched-mount.ts';
import { started } from '../http/with.ts';
import { startFaults } from '../servers/faults.ts';
import { connectionTo, errorOf, workloadLogin as login, vaultAt } from './with.ts';

/**
 * Answers are decoded at the edge: whatever comes in place of a good answer is a SystemError that names the request, and
 * never a value, another error, or "there is none".
 */

const requests: Record<string, (session: VaultSession) => Promise<unknown>> = {
  health: (vault) => vault.health(),
  'sys/seal-status': (vault) => vault.read('sys/seal-status'),
  'sys/auth': (vault) => vault.read('sys/auth'),
  'sys/mounts': (vault) => vault.read('sys/mounts'),
  'sys/internal/ui/mounts': (vault) => vault.read('sys/internal/ui/mounts'),
  'a mount': (vault) => vault.read('sys/internal/ui/mounts/auth/kube'),
  'a policy': (vault) => vault.read('sys/policies/acl/team/app'),
  policies: (vault) => vault.list('sys/policies/acl'),
  config: (vault) => vault.read('auth/kube/config'),
  roles: (vault) => vault.list('auth/kube/role'),
  'a role': (vault) => vault.read('auth/kube/role/app'),
  'lookup-self': (vault) => vault.operator(),
  login: (vault) => vault.login(new VouchedMount('kube'), 'app', new Secret('the-jwt'), 'ServiceAccount x/y'),
  capabilities: (vault) => vault.capabilities(login, ['secret/data/x']),
  rights: (vault) => vault.rights(['secret/data/x']),
  'a secret': (vault) => vault.tryAs(login, { method: 'GET', path: 'secret/data/x' }),
  'a folder': (vault) => vault.tryAs(login, { method: 'LIST', path: 'secret/metadata/x' }),
  'mounts of a token': (vault) => vault.mountsOf(login),
  write: (vault) => vault.write('auth/kube/role/app', {}),
};

const deep = '['.repeat(50_000) + ']'.repeat(50_000);
const answers: Record<string, [status: number, body: string]> = {
  nothing: [200, ''],
  '{}': [200, '{}'],
  null: [200, 'null'],
  '[]': [200, '[]'],
  'data: null': [200, '{"data":null}'],
  'wrong types': [
    200,
    '{"data":{"policy":1,"keys":{},"token/":7,"policies":"root","kubernetes_host":[],"audience":3}}',
  ],
  'other JSON': [200, '{"kind":"Status","metadata":{},"status":"Failure"}'],
  'text that has no text': [200, '{"data":{"toString":1},"errors":[{"toString":1}],"auth":{"toString":1}}'],
  truncated: [200, '{"request_id":"r","data":{"keys":["a"'],
  HTML: [200, '<html><body>log in</body></html>'],
  'too deep': [200, `{"request_id":"r","data":${deep}}`],
  'a page of 404': [404, '<html>'],
  'errors that are none': [404, '{"errors":[{"toString":1}]}'],
  'a server error': [500, '{"errors":["\\u001b[31m"]}'],
};

describe.each(Object.entries(answers))('%s', (name, [status, body]) => {
  test.each(Object.entries(requests))('to %s', async (asked, ask) => {
    const server = await started(startFaults());
    server.inject({ fault: { kind: 'answer', status, body } });
    const error = await errorOf(ask(vaultAt(connectionTo(server.url, { retries: 0 })).session).then(orRefused));
    expect(error).toBeInstanceOf(SystemError);
    expect(error.message).not.toMatch(/\p{Cc}/u);
    if (status === 200 && asked !== 'health') expect(error.message).toMatch(/ to (GET|LIST|POST|read|list|write) /);
    expect(['vault-answer-odd', 'vault-not-vault', 'vault-error'], name).toContain(error.code);
  });
});

/** A refused login is a value; here it would be one that Vault never gave. */
function orRefused(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'said' in value && 'status' in value && value.status === 500)
    throw new SystemError({ code: 'vault-error', subject: '', message: 'refused' });
  return value;
}

test.each([204, 404])('a %i in the place of what is on every Vault is none of its answers', async (status) => {
  const server = await started(startFaults());
  server.inject({ fault: { kind: 'answer', status, body: '{"errors":[]}' } });
  const { reader } = vaultAt(connectionTo(server.url));
  for (const path of ['sys/auth', 'sys/mounts', 'sys/internal/ui/mounts', 'auth/token/lookup-self'])
    expect(await errorOf(reader.read(path))).toMatchObject({ code: 'vault-answer-odd', exit: 4 });
});

/** Review finding 13: `cannot` was proved by silence. */
test.each([
  ['{"request_id":"r","data":{}}'],
  ['{"request_id":"r","data":{"capabilities":["deny"]}}'],
  ['{"request_id":"r","data":{"secret/data/x":[]}}'],
  ['{"request_id":"r","data":{"secret/data/x":"deny"}}'],
])('capabilities that do not speak of the path are no answer: %s', async (body) => {
  const server = await started(startFaults({ answer: body }));
  const { session } = vaultAt(connectionTo(server.url));
  for (const ask of [session.rights(['secret/data/x']), session.capabilities(login, ['secret/data/x'])])
    expect(await errorOf(ask)).toMatchObject({ code: 'vault-answer-odd' });
});

test('a token is not given back by an answer that says nothing', async () => {
  const server = await started(startFaults());
  expect(await vaultAt(connectionTo(server.url)).prober.revoke(login)).toBe(false);
});

test('a login whose token could not be sent again is no login', async () => {
  const auth = { client_token: 'x\r\nx-evil: 1', accessor: '', lease_duration: 1, policies: [] };
  const server = await started(startFaults({ answer: JSON.stringify({ auth }) }));
  const asked = vaultAt(connectionTo(server.url)).prober.login(
    new VouchedMount('kube'),
    'app',
    new Secret('the-jwt'),
    'ServiceAccount x/y',
  );
  expect(await errorOf(asked)).toMatchObject({ code: 'vault-answer-odd' });
});
