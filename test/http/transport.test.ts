import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RequestLog } from '../../src/http/transport.ts';
import { type Fault, startFaults } from '../servers/faults.ts';
import { failureOf, get, started, transportWith } from './with.ts';

describe('a request', () => {
  test('goes out as it is, with our User-Agent', async () => {
    const server = await started(startFaults());
    const answer = await transportWith().send({
      method: 'POST',
      url: `${server.url}/v1/a%2Fb?x=1`,
      headers: { 'X-Vault-Token': 't', 'Impersonate-Group': ['a', 'b'] },
      body: '{"a":1}',
      repeatable: false,
    });
    expect(answer).toMatchObject({ status: 200, body: '{}', headers: { 'content-type': 'application/json' } });
    expect(server.seen).toMatchObject([
      {
        method: 'POST',
        path: '/v1/a%2Fb?x=1',
        body: '{"a":1}',
        headers: { 'user-agent': 'vaultbind/test', 'x-vault-token': 't', 'impersonate-group': 'a, b' },
      },
    ]);
  });

  test('reads share as many connections as may run at once', async () => {
    const server = await started(startFaults());
    const transport = transportWith({ parallel: 8 });
    await Promise.all(Array.from({ length: 200 }, () => transport.send(get(server.url))));
    expect(server.seen).toHaveLength(200);
    expect(server.accepted()).toBeLessThanOrEqual(8);
  });

  test('a connection that the server closed costs one new one, not one a request', async () => {
    const server = await started(startFaults());
    server.inject({ fault: { kind: 'answer', status: 400, headers: { connection: 'close' } }, times: 1 });
    const transport = transportWith({ parallel: 4 });
    await transport.send(get(server.url));
    for (let i = 0; i < 50; i++) await transport.send(get(server.url));
    expect(server.accepted()).toBeLessThanOrEqual(4);
  });

  test('no more than `parallel` are under way', async () => {
    const server = await started(startFaults());
    let now = 0;
    let most = 0;
    server.inject({
      fault: { kind: 'delay', milliseconds: 10 },
      when: () => {
        most = Math.max(most, ++now);
        setTimeout(() => now--, 10);
        return true;
      },
    });
    const transport = transportWith({ parallel: 3 });
    await Promise.all(Array.from({ length: 30 }, () => transport.send(get(server.url))));
    expect(most).toBe(3);
  });
});

describe('a passing failure', () => {
  const passing: [string, Fault][] = [
    ['429', { kind: 'answer', status: 429 }],
    ['412 of a standby', { kind: 'answer', status: 412 }],
    ['502', { kind: 'answer', status: 502 }],
    ['503', { kind: 'answer', status: 503 }],
    ['504', { kind: 'answer', status: 504 }],
    ['a reset', { kind: 'reset' }],
    ['a lost answer', { kind: 'lose-answer' }],
    ['half an answer', { kind: 'half' }],
  ];

  test.each(passing)('%s is tried again', async (_, fault) => {
    const server = await started(startFaults());
    server.inject({ fault, times: 2 });
    const transport = transportWith();
    expect((await transport.send(get(`${server.url}/x`))).status).toBe(200);
    expect(transport.sent).toEqual(['GET /x', 'GET /x', 'GET /x']);
  });

  test.each(passing)('%s is not tried again where that could do harm', async (_, fault) => {
    const server = await started(startFaults());
    server.inject({ fault });
    await transportWith()
      .send(get(server.url, { repeatable: false }))
      .catch(() => undefined);
    expect(server.seen).toHaveLength(1);
  });

  test('after the last try its answer is the answer', async () => {
    const server = await started(startFaults());
    server.inject({ fault: { kind: 'answer', status: 502 } });
    expect((await transportWith({ retries: 2 }).send(get(server.url))).status).toBe(502);
    expect(server.seen).toHaveLength(3);
  });

  test('Retry-After is kept to, unless it would end after the deadline', async () => {
    const server = await started(startFaults());
    server.inject({ fault: { kind: 'answer', status: 429, headers: { 'retry-after': '1' } }, times: 1 });
    server.inject({ fault: { kind: 'answer', status: 429, headers: { 'retry-after': '60' } } });
    const log: RequestLog[] = [];
    const answer = await transportWith({ log: (line) => log.push(line) }).send(get(server.url));
    expect(answer.status).toBe(429);
    expect(log.map(({ attempt, outcome }) => ({ attempt, outcome }))).toEqual([
      { attempt: 1, outcome: 429 },
      { attempt: 2, outcome: 429 },
    ]);
  });

  test.each(['{"errors":["Vault is sealed"]}', '{"initialized":true,"sealed":true}'])(
    'a 503 that says sealed is an answer: %s',
    async (body) => {
      const server = await started(startFaults());
      server.inject({ fault: { kind: 'answer', status: 503, body } });
      expect((await transportWith().send(get(server.url))).status).toBe(503);
      expect(server.seen).toHaveLength(1);
    },
  );
});

test('as many as may be under way at once make Node say nothing', async () => {
  const warned: Error[] = [];
  const hear = (warning: Error) => warned.push(warning);
  process.on('warning', hear);
  onTestFinished(() => void process.off('warning', hear));
  const server = await started(startFaults());
  const transport = transportWith({ parallel: 32, signal: new AbortController().signal });
  await Promise.all(Array.from({ length: 64 }, () => transport.send(get(server.url))));
  await new Promise((done) => setImmediate(done));
  expect(warned).toEqual([]);
});

describe('no answer', () => {
  test('nobody listens', async () => {
    const server = await startFaults();
    await server.close();
    const transport = transportWith();
    expect(await failureOf(transport.send(get(server.url)))).toMatchObject({ kind: 'refused' });
    expect(transport.sent).toHaveLength(3);
  });

  test('no such name', async () => {
    expect(await failureOf(transportWith().send(get('http://vault.invalid')))).toMatchObject({ kind: 'dns' });
  });

  test('silence: the deadline counts for all tries together', async () => {
    const server = await started(startFaults());
    server.inject({ fault: { kind: 'delay', milliseconds: 60_000 } });
    const failure = await failureOf(transportWith().send(get(server.url, { timeout: 100 })));
    expect(failure).toMatchObject({ kind: 'timeout', detail: 'no answer within 0.1 s' });
    expect(server.seen).toHaveLength(1);
  });

  test('waiting for a free place does not count', async () => {
    const server = await started(startFaults());
    server.inject({ fault: { kind: 'delay', milliseconds: 120 } });
    const transport = transportWith({ parallel: 1, timeout: 400 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => transport.send(get(server.url))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  test('the signal ends what is under way and what waits, except tidying up', async () => {
    const server = await started(startFaults());
    server.inject({ fault: { kind: 'delay', milliseconds: 60_000 }, when: ({ path }) => path === '/slow' });
    const stop = new AbortController();
    const transport = transportWith({ signal: stop.signal, parallel: 1 });
    const failures = Promise.all(['/slow', '/next'].map((path) => failureOf(transport.send(get(server.url + path)))));
    while (server.seen.length === 0) await sleep(5);
    stop.abort();
    expect((await failures).map(({ kind }) => kind)).toEqual(['aborted', 'aborted']);
    expect((await transport.send(get(`${server.url}/revoke`, { tidying: true }))).status).toBe(200);
  });

  test('https spoken to an http listener', async () => {
    const server = await started(startFaults());
    const failure = await failureOf(transportWith().send(get(server.url.replace('http:', 'https:'))));
    expect(failure).toMatchObject({ kind: 'scheme' });
    expect(failure.detail).toContain('wrong version number');
    expect(failure.detail).not.toContain('\n');
  });
});

test('a redirect is an answer: nothing follows it with the token', async () => {
  const thief = await started(startFaults());
  const server = await started(startFaults());
  for (const status of [301, 302, 303, 307, 308]) {
    server.inject({ fault: { kind: 'answer', status, headers: { location: `${thief.url}/take` } }, times: 1 });
    const answer = await transportWith().send(get(server.url, { headers: { 'x-vault-token': 'canary-token' } }));
    expect(answer).toMatchObject({ status, headers: { location: `${thief.url}/take` } });
  }
  expect(thief.seen).toEqual([]);
});

test('a log line has neither query nor headers nor body', async () => {
  const server = await started(startFaults());
  const log: RequestLog[] = [];
  const transport = transportWith({ log: (line) => log.push(line) });
  await transport.send(get(`${server.url}/v1/x?secret=1`, { headers: { 'x-vault-token': 'canary-token' } }));
  expect(log).toEqual([{ method: 'GET', path: '/v1/x', outcome: 200, attempt: 1, milliseconds: expect.any(Number) }]);
});

test('a rate limit spaces the requests out', async () => {
  const server = await started(startFaults());
  const transport = transportWith({ rate: 50 });
  const begin = performance.now();
  await Promise.all(Array.from({ length: 6 }, () => transport.send(get(server.url))));
  // Five gaps of 20 ms; timers never fire early by more than a millisecond.
  expect(performance.now() - begin).toBeGreaterThanOrEqual(95);
});
