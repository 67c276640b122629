import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../src/errors.ts';
import { createLedger, type Ledger, type Made } from '../../src/model/ledger.ts';

const never = () => new Promise<boolean>(() => undefined);
const token = (at: string): Made => ({ kind: 'workload token', at, who: 'somebody', lives: () => '10 s' });

function scene() {
  const stop = new AbortController();
  const holds: string[] = [];
  const begin = () => {
    holds.push('begin');
    return () => void holds.push('end');
  };
  return { stop, holds, ledger: createLedger({ signal: stop.signal, begin }) };
}

const standing = (ledger: Ledger) => ledger.standing().map(({ at, state }) => `${at} ${state}`);

describe('an entry', () => {
  it('stands from before its making is sent until it is known to be gone', async () => {
    const { ledger, holds } = scene();
    const entry = ledger.page().enter(token('a'));
    expect(standing(ledger)).toEqual(['a asked']);
    entry.made({ accessor: 'x', lives: '5 s' }, async () => true);
    expect(ledger.standing()).toMatchObject([{ state: 'made', accessor: 'x', lives: '5 s' }]);
    expect(await entry.end()).toBe(true);
    expect([standing(ledger), holds]).toEqual([[], ['begin', 'end']]);
  });

  it('of which no answer tells may be left, and lives as long as was known before', () => {
    const { ledger } = scene();
    const entry = ledger.page().enter(token('a'));
    entry.lost();
    expect(ledger.standing()).toMatchObject([{ state: 'lost', accessor: '', lives: '10 s' }]);
  });

  it('is ended once, whoever asks and how often', async () => {
    const { ledger } = scene();
    let ended = 0;
    const page = ledger.page();
    const entry = page.enter(token('a'));
    entry.made({}, async () => ++ended > 0);
    expect(await Promise.all([entry.end(), entry.end(), page.drain(1000), ledger.drain(1000)])).toEqual([
      ...[true, true],
      ...[undefined, undefined],
    ]);
    expect([ended, await entry.end()]).toEqual([1, true]);
  });

  it('that cannot be ended is tried twice, and told', async () => {
    const { ledger } = scene();
    let tries = 0;
    const entry = ledger.page().enter(token('a'));
    entry.made({}, async () => ++tries > 9);
    for (const _ of [1, 2, 3]) await ledger.drain(1000);
    expect([tries, standing(ledger), await entry.end()]).toEqual([2, ['a made'], false]);
  });
});

describe('draining', () => {
  it('waits for the answer to a making, and ends what came of it', async () => {
    const { ledger } = scene();
    const entry = ledger.page().enter(token('a'));
    const drained = ledger.drain(60_000);
    entry.made({}, async () => true);
    await drained;
    expect(standing(ledger)).toEqual([]);
  });

  it('ends by its bound, whatever does not answer, and lets the older pages have their turn', async () => {
    const { ledger } = scene();
    const ended: string[] = [];
    const end = (name: string) => async () => ended.push(name) > 0;
    const [parent, child, clients] = [ledger.page(), ledger.page(), ledger.page()];
    parent.enter(token('parent')).made({}, end('parent'));
    child.enter(token('child')).made({}, end('child'));
    clients.enter(token('asked'));
    clients.enter(token('stuck')).made({}, never);
    clients.enter(token('client')).made({}, end('client'));
    await ledger.drain(300);
    expect([ended, standing(ledger)]).toEqual([
      ['client', 'child', 'parent'],
      ['asked asked', 'stuck made'],
    ]);
  });
});

describe('nothing new is made', () => {
  it('after a signal', () => {
    const { ledger, stop } = scene();
    const page = ledger.page();
    stop.abort();
    expect(() => page.enter(token('a'))).toThrow(InterruptedError);
    expect(standing(ledger)).toEqual([]);
  });

  it('on a page that was drained, as by an experiment whose deadline went by', async () => {
    const { ledger } = scene();
    const page = ledger.page();
    await page.drain(1000);
    expect(() => page.enter(token('a'))).toThrow(InterruptedError);
    ledger.page().enter(token('b'));
    expect(standing(ledger)).toEqual(['b asked']);
  });
});
