import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../src/wizard/entries.ts';
import { back, type Key, type Picking, press } from '../../src/wizard/picking.ts';
import type { Offer, Verdict } from '../../src/wizard/question.ts';
import { nextOf } from '../../src/wizard/terminal.ts';

const offer: Offer = {
  choices: ['default/app', 'default/stranger', 'other/app', 'another/app'].map((value) => ({ value })),
  open: true,
};

const judge = async (value: string): Promise<Verdict | undefined> => {
  if (!value.includes('/')) return { wrong: 'write it namespace/name', instead: `default/${value}` };
  return value === 'other/app' ? { wrong: 'not this one' } : undefined;
};

/** Keys one after the other, each after all that the one before has come to. */
async function pressed(keys: string[], { default: byDefault }: { default?: string } = {}) {
  let now: Picking = { term: '', chosen: [] };
  for (const one of keys) {
    const entries = await entriesOf(
      { ...offer, ...(byDefault && { default: byDefault }) },
      judge,
      now.term,
      now.chosen,
    );
    const name = (['enter', 'up', 'down', 'more', 'erase'] as const).find((key) => key === one) ?? 'other';
    const line = name === 'other' ? one : name === 'erase' ? now.term.slice(0, -1) : now.term;
    const after = press({ name, line } satisfies Key, now, entries, byDefault);
    if ('done' in after) return after.done;
    now = after.now;
  }
  return now;
}

describe('keys', () => {
  it.each<[keys: string[], byDefault: string | undefined, done: string[]]>([
    [['enter'], 'default/stranger', ['default/stranger']],
    [['<', 'enter'], 'default/stranger', [back]],
    [['s', 'enter'], 'default/app', ['default/stranger']],
    [['down', 'down', 'enter'], undefined, ['default/stranger']],
    [['down', 'down', 'down', 'down', 'enter'], undefined, ['another/app']],
    [['down', 'up', 'enter'], undefined, ['default/app']],
    [['new', 'enter'], undefined, ['default/new']],
    [['x/new', 'enter'], undefined, ['x/new']],
    // Others contain it.
    [['default/str', 'enter'], 'default/app', ['default/str']],
    [['default/str', 'down', 'enter'], 'default/app', ['default/stranger']],
    [['r/app', 'enter'], undefined, ['r/app']],
    [['default/app', 'enter'], 'default/stranger', ['default/app']],
    [['default/app', 'more', 'default/app', 'enter'], undefined, ['default/app']],
    [['down', 'more', 'enter'], undefined, ['default/app']],
    [['down', 'more', 'down', 'enter'], undefined, ['default/app', 'default/stranger']],
    [['down', 'more', 'erase', 'stranger', 'enter'], 'default/app', ['default/stranger']],
  ])('%j with the default %s come to %j', async (keys, byDefault, done) => {
    expect(await pressed(keys, byDefault === undefined ? {} : { default: byDefault })).toEqual(done);
  });

  it.each([
    [['enter'], 'nothing is chosen'],
    [['other/app', 'enter'], 'not this one'],
  ])('%j come to nothing: %s', async (keys, complaint) => {
    expect(await pressed(keys)).toMatchObject({ complaint: expect.stringContaining(complaint) });
  });
});

describe('on the page of all answers', () => {
  it.each([
    ['', false, 'take'],
    ['', true, undefined],
    ['+', true, 'role'],
    ['<', false, 'back'],
    ['3', false, { change: 2 }],
    ['0', false, undefined],
    ['4', false, undefined],
    ['1x', false, undefined],
  ])('"%s" (refused: %s) is %j', (text, refused, next) => expect(nextOf(text, 3, refused)).toEqual(next));
});
