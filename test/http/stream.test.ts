import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { listen } from '../servers/listen.ts';
import { failureOf, get, started, transportWith } from './with.ts';

/** Sends these chunks one after another and then stays open, or breaks off. */
async function streaming(chunks: string[], then: 'stay' | 'end' | 'break' = 'stay', status = 200) {
  const server = createServer(async (_, response) => {
    response.writeHead(status);
    response.flushHeaders();
    for (const chunk of chunks) await new Promise((done) => response.write(chunk, done));
    if (then === 'end') response.end();
    if (then === 'break') setTimeout(() => response.destroy(), 20);
  });
  const { port } = await started(listen(server));
  return `http://127.0.0.1:${port}`;
}

test('lines come whole, whatever the chunks', async () => {
  const url = await streaming(['{"a":1}\n{"b"', ':2}\r\n\n{"c":3}'], 'end');
  const stream = await transportWith().stream(get(url));
  const lines: string[] = [];
  for await (const line of stream.lines) lines.push(line);
  expect({ status: stream.status, lines }).toEqual({ status: 200, lines: ['{"a":1}', '{"b":2}', '', '{"c":3}'] });
});

test('headers are enough to go on, silence does not end it, close does', async () => {
  const url = await streaming([]);
  const stream = await transportWith({ timeout: 500 }).stream(get(url));
  const lines = stream.lines[Symbol.asyncIterator]();
  const next = lines.next();
  await new Promise((done) => setTimeout(done, 700));
  stream.close();
  expect(await next).toEqual({ done: true, value: undefined });
});

test('a stream takes no place from the requests', async () => {
  const url = await streaming(['x\n'], 'end');
  const open = await streaming([]);
  const transport = transportWith({ parallel: 1 });
  const stream = await transport.stream(get(open));
  expect((await transport.send(get(url))).body).toBe('x\n');
  stream.close();
});

test('a break is told', async () => {
  const url = await streaming(['one\n'], 'break');
  const stream = await transportWith().stream(get(url));
  const lines = stream.lines[Symbol.asyncIterator]();
  expect(await lines.next()).toEqual({ done: false, value: 'one' });
  expect(await failureOf(lines.next())).toMatchObject({ kind: 'reset' });
});

/** Where no stream is given, the answer is one like any other: whole, within its limit and in time, or a failure. */
test.each([
  ['a refusal', ['{"errors":[]}'], 'end', 403, { body: '{"errors":[]}' }],
  ['one that breaks off', ['{"errors":['], 'break', 403, { kind: 'reset' }],
  ['one without an end', Array(200).fill('x'.repeat(1024)), 'stay', 500, { kind: 'too-large' }],
  ['one that does not end', ['x'], 'stay', 500, { kind: 'timeout' }],
] as const)('%s in place of a stream', async (_what, chunks, then, status, outcome) => {
  const url = await streaming([...chunks], then, status);
  const answer = transportWith({ timeout: 500 }).stream(get(url));
  expect(await answer.catch((error: unknown) => error)).toMatchObject(outcome);
});
