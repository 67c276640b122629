import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { canRedraw } from '../../src/model/io.ts';
import { progress } from '../../src/output/progress.ts';

function shown(live: boolean): string {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const { observer, clear } = progress(stream, { quiet: false, live });
  for (const phase of ['plan', 'apply', 'read-back', 'verify'] as const) {
    observer({ type: 'phase', phase, step: 'bind-role', total: 60 });
    for (let at = 1; at <= 60; at += 1) observer({ type: 'done', phase, subject: `role/${at}` });
  }
  clear();
  return text;
}

it('says each phase at once and counts it, on a line that is drawn again', () => {
  const frames = shown(true).split('\r\u001b[K');
  for (const verb of ['looking', 'writing', 'reading back', 'proving'])
    expect(frames.filter((frame) => frame.startsWith(verb))).toEqual(
      expect.arrayContaining([`${verb} bind-role 0/60 `, `${verb} bind-role 60/60 role/60`]),
    );
});

it('draws nothing after its end, whatever was still in flight', () => {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  const { observer, end } = progress(stream, { quiet: false, live: true });
  observer({ type: 'phase', phase: 'plan', total: 9 });
  end();
  observer({ type: 'done', phase: 'plan', subject: 'cluster' });
  observer({ type: 'phase', phase: 'verify', total: 9 });
  expect(written).toEqual(['\r\u001b[Klooking 0/9 ', '\r\u001b[K']);
});

it('is a line a phase elsewhere, and moves no cursor', () => {
  expect(shown(false)).toBe(
    'looking bind-role: 60\nwriting bind-role: 60\nreading back bind-role: 60\nproving bind-role: 60\n',
  );
});

it.each([
  ['xterm', true, true],
  ['dumb', true, false],
  ['xterm', false, false],
])('in a terminal %s, on one: %s, it may be drawn again: %s', (TERM, isTTY, expected) => {
  expect(canRedraw({ env: { TERM }, stderr: Object.assign(new Writable(), { isTTY }) })).toBe(expected);
});
