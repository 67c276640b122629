import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepest, parseJson } from '../../src/http/json.ts';
import { mostSaid, shownText } from '../../src/http/shown-text.ts';
import { Secret } from '../../src/secret.ts';
import { startFaults } from '../servers/faults.ts';
import { failureOf, get, started, transportWith } from './with.ts';

/** An answer may be no larger, and nested no deeper, than any that the systems send: whatever comes, memory and stack hold. */
describe('an answer', () => {
  test('that is too large is not read to its end, and not asked for again', async () => {
    const server = await started(startFaults({ answer: `"${'x'.repeat(5_000)}"` }));
    const transport = transportWith({ largest: 4_096 });
    expect(await failureOf(transport.send(get(server.url)))).toMatchObject({
      kind: 'too-large',
      detail: 'the answer is larger than 4096 bytes',
    });
    expect(server.seen).toHaveLength(1);
    expect((await transportWith({ largest: 6_000 }).send(get(server.url))).body).toHaveLength(5_002);
  });

  test('that is no success has less', async () => {
    const server = await started(startFaults());
    const body = 'x'.repeat(1024 * 1024 + 1);
    server.inject({ fault: { kind: 'answer', status: 400, body } });
    expect(await failureOf(transportWith().send(get(server.url)))).toMatchObject({ kind: 'too-large' });
  });

  test('that trickles is ended by the deadline of the whole', async () => {
    const server = await started(startFaults({ answer: '{}' }));
    server.inject({ fault: { kind: 'trickle' } });
    expect(await failureOf(transportWith({ timeout: 200 }).send(get(server.url)))).toMatchObject({ kind: 'timeout' });
  });
});

describe('JSON', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  test.each([
    [nested(deepest), true],
    [nested(deepest + 1), false],
    [nested(50_000), false],
    [`${'{"a":'.repeat(deepest + 1)}1${'}'.repeat(deepest + 1)}`, false],
    [JSON.stringify([nested(1_000), '\\"[[[', '\\\\']), true],
    [`["${'\\'.repeat(2_000)}"]`, true],
  ])('%#: is taken apart when it is not too deep', (text, taken) => {
    expect('value' in parseJson(text)).toBe(taken);
  });

  test('brackets inside of strings are text', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.string(), (json, text) => {
        const whole = `{"a":${JSON.stringify(text + nested(100))},"b":${json}}`;
        expect(parseJson(whole)).toEqual({ value: JSON.parse(whole) });
      }),
    );
  });

  test('anything else is odd, in words that hold nothing of it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseJson(text);
        if ('odd' in parsed) expect(parsed.odd).toMatch(/^it is (empty|not JSON|nested deeper than \d+ levels)$/);
        else expect(JSON.stringify(parsed.value)).toBeDefined();
      }),
    );
  });
});

test('what a server says goes on one line, without controls and marks that turn text', () => {
  expect(shownText('a\r\nb \u001b[31m\u009b2J \u202e\u2066x\ud800')).toBe('a b \ufffd[31m\ufffd2J \ufffd\ufffdx\ufffd');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(shownText(text)).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\u202a-\u202e]/u);
    }),
  );
});

describe('a long text of a server', () => {
  test('is cut', () => {
    const shown = shownText('x y '.repeat(5_000_000));
    expect([shown.length, shown.slice(0, 8), shown.at(-1)]).toEqual([mostSaid + 1, 'x y x y ', '…']);
  });

  test('shows no half of a secret, wherever it is cut', () => {
    const value = `begin-${'ab'.repeat(8_000)}`;
    const secret = new Secret(value);
    const halves = fc.constantFrom(mostSaid, 64 * 1024, 128 * 1024);
    fc.assert(
      fc.property(halves, fc.integer({ min: 0, max: value.length }), fc.boolean(), (at, before, shrinks) => {
        // Other secrets before it make the rest move to the front.
        const front = shrinks ? `${value} `.repeat(Math.max(0, Math.floor((at - before) / (value.length + 1)))) : '';
        const start = Math.max(0, at - before - front.length);
        const shown = shownText(`${front}${'.'.repeat(start)}${secret.reveal()}${'.'.repeat(200_000)}`);
        expect(shown).not.toContain('begin-');
      }),
      { numRuns: 60 },
    );
  });
});
