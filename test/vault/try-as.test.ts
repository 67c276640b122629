import { expect, test } from 'vitest';
import { largestRefusal } from '../../src/http/body.ts';
import { started } from '../http/with.ts';
import { startFaults } from '../servers/faults.ts';
import { connectionTo, errorOf, workloadLogin as login, vaultAt } from './with.ts';

/**
 * The law: what is not in Vault's form is no answer to the workload's request, whether the claim hopes for a yes or for
 * a no; and what may be a secret is told by its status and the kind of its body alone.
 */
const page = { 'content-type': 'text/html' };
const gone = '{"request_id":"r","data":{"data":null,"metadata":{"version":3,"deletion_time":"2026-01-01"}}}';

async function answered(status: number, body: string, headers: Record<string, string> = {}) {
  const server = await started(startFaults());
  server.inject({ fault: { kind: 'answer', status, body, headers } });
  const { session } = vaultAt(connectionTo(server.url, { retries: 0 }));
  return (unread: boolean) => session.tryAs(login, { method: 'GET', path: 'secret/data/x' }, { unread });
}

test.each([
  ['a page of 404', 404, '<html>no such page</html>', page, 'vault-not-vault'],
  ['a page of 404 that says it is JSON', 404, '<html>', {}, 'vault-not-vault'],
  ['a 404 without a body', 404, '', {}, 'vault-not-vault'],
  ['a 404 of another API', 404, '{"error":"not found"}', {}, 'vault-not-vault'],
  ['a 404 with an error, which KV does not tell', 404, '{"errors":["no such route"]}', {}, 'vault-error'],
  ['a page of 200', 200, '<html>log in</html>', page, 'vault-not-vault'],
  ['a page of 403', 403, '<html>', page, 'vault-not-vault'],
  ['a 404 that is long', 404, `{"errors":[],"x":"${'x'.repeat(largestRefusal)}"}`, {}, 'vault-answer-odd'],
])('%s is no answer', async (_what, status, body, headers, code) => {
  const ask = await answered(status, body, headers);
  expect(await errorOf(ask(true))).toMatchObject({ code, exit: 4 });
  if (!body.includes('xxx')) expect(await errorOf(ask(false))).toMatchObject({ code, exit: 4 });
});

test.each([
  [404, '{"errors":[]}', { status: 404, said: '' }],
  [404, gone, { status: 404, said: 'version 3 was deleted at 2026-01-01' }],
  [404, '{"errors":["no handler for route \\"x\\""]}', { status: 404, noMount: true }],
  [403, '{"errors":["1 error occurred:\\n\\t* permission denied\\n\\n"]}', { status: 403, said: 'permission denied' }],
])('%i %s is one', async (status, body, wanted) => {
  const ask = await answered(status, body);
  expect([await ask(true), await ask(false)]).toMatchObject([wanted, wanted]);
});

test('what may be a secret is not looked at', async () => {
  const ask = await answered(200, 'this is not taken apart');
  expect(await ask(true)).toEqual({ status: 200, said: '' });
});
