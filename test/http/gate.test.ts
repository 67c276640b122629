import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GateError, gate } from '../../src/http/gate.ts';
import type { HttpRequest, Transport } from '../../src/http/transport.ts';

function recorder(): Transport & { requests: HttpRequest[] } {
  const requests: HttpRequest[] = [];
  return {
    requests,
    sent: [],
    send: async (request) => {
      requests.push(request);
      return { status: 200, headers: {}, body: '' };
    },
    stream: async (request) => {
      requests.push(request);
      return { status: 200, body: '', lines: (async function* () {})(), close: () => {} };
    },
    close: async () => {},
  };
}

const url = 'https://vault.example/v1/sys/auth';

test('what is allowed passes unchanged', async () => {
  const inner = recorder();
  const request = { method: 'GET', url, repeatable: true };
  await gate(inner, 'reader', () => true).send(request);
  expect(inner.requests).toEqual([request]);
});

test('everything else is refused before it is sent, streams too', async () => {
  const inner = recorder();
  const gated = gate(inner, 'reader', (method) => method === 'GET');
  const post = { method: 'POST', url, repeatable: true };
  await expect(gated.send(post)).rejects.toThrow(GateError);
  await expect(gated.stream(post)).rejects.toThrow('reader tried POST /v1/sys/auth');
  expect(inner.requests).toEqual([]);
});

test('the path judged is the one the server will see, however it is encoded', async () => {
  const seen: string[] = [];
  const gated = gate(recorder(), 'reader', (_, path) => seen.push(path) > 0);
  const segment = fc.string({ minLength: 1 }).filter((text) => text !== '.' && text !== '..');
  await fc.assert(
    fc.asyncProperty(segment, async (name) => {
      await gated.send({
        method: 'GET',
        url: `https://v.example/v1/${encodeURIComponent(name)}?q=1`,
        repeatable: true,
      });
      expect(seen.pop()).toBe(`/v1/${name}`);
    }),
  );
});
