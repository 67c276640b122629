import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/contracts/step.ts';
import { apply } from '../../src/engine/apply.ts';
import { plan } from '../../src/engine/plan.ts';
import { FailedError } from '../../src/errors.ts';
import { newWorld, noClients, toyStep, toyTarget, type World } from './toys.ts';

const observer = () => undefined;

interface Walk {
  signal?: AbortSignal;
  rewrite?: string[];
  parallel?: number;
}

async function walked(steps: Step[], { signal, rewrite = [], parallel = 16 }: Walk = {}) {
  const chosen = new Set(steps.map(({ name }) => name));
  const made = await plan(steps, toyTarget, noClients, { chosen, observer });
  const options = { observer, signal: signal ?? new AbortController().signal, parallel, rewrite: new Set(rewrite) };
  const applied = await apply(made, noClients, toyTarget, options);
  return Object.fromEntries(applied.map(({ planned, outcome }) => [planned.resource.address, outcome.result]));
}

function failing(world: World, name: string, address: string): Step {
  return toyStep(world, name, [{ address }], {
    apply: async () => {
      throw new FailedError({ code: 'vault-error', subject: address, message: 'no' });
    },
  });
}

describe('apply', () => {
  it('writes what is planned and nothing else, then has nothing left to do', async () => {
    const world = newWorld({ b: { v: 1 }, c: { v: 2 } });
    const steps = [toyStep(world, 's', [{ address: 'a' }, { address: 'b' }, { address: 'c' }])];
    expect(await walked(steps)).toEqual({ a: 'created', b: 'as-planned', c: 'updated' });
    expect(world.written.toSorted()).toEqual(['a', 'c']);
    expect(await walked(steps)).toEqual({ a: 'as-planned', b: 'as-planned', c: 'as-planned' });
    expect(world.written).toHaveLength(2);
  });

  it('tells what somebody else made meanwhile from what it made itself', async () => {
    const world = newWorld();
    const step = toyStep(world, 's', [{ address: 'a' }], {
      apply: async () => {
        world.objects.set('a', { v: 1 });
        return 'theirs';
      },
    });
    expect(await walked([step])).toEqual({ a: 'theirs' });
  });

  it('writes an object of the same step after the one it stands on', async () => {
    const world = newWorld();
    await walked([toyStep(world, 's', [{ address: 'a' }, { address: 'b', inside: 'a' }])]);
    expect(world.written).toEqual(['a', 'b']);
  });

  it('stops at a step that failed: what follows is not reached', async () => {
    const world = newWorld();
    const steps = [
      toyStep(world, 's', [{ address: 'a' }]),
      failing(world, 't', 'b'),
      toyStep(world, 'u', [{ address: 'c' }]),
    ];
    expect(await walked(steps)).toEqual({ a: 'created', b: 'failed', c: 'not-reached' });
    expect(world.written).toEqual(['a']);
  });

  it('begins nothing new after a signal', async () => {
    const stop = new AbortController();
    const world = newWorld();
    const stopping = toyStep(world, 's', [{ address: 'a' }], {
      apply: async (_session, { address, desired }) => {
        stop.abort();
        world.objects.set(address, desired);
      },
    });
    expect(await walked([stopping, toyStep(world, 't', [{ address: 'b' }])], { signal: stop.signal })).toEqual({
      a: 'created',
      b: 'not-reached',
    });
  });

  it('says so when a write is accepted and does not take', async () => {
    const world = newWorld();
    const step = toyStep(world, 's', [{ address: 'a' }], {
      apply: async (_s, { address }) => void world.objects.set(address, { v: 7 }),
    });
    expect(await walked([step])).toEqual({ a: 'failed' });
  });

  it('writes an object that looks equal when asked to', async () => {
    const world = newWorld({ a: { v: 1 }, b: { v: 1 } });
    expect(await walked([toyStep(world, 's', [{ address: 'a' }, { address: 'b' }])], { rewrite: ['a'] })).toEqual({
      a: 'updated',
      b: 'as-planned',
    });
    expect(world.written).toEqual(['a']);
  });

  it('never has more under way than allowed', async () => {
    const world = newWorld();
    const now = { open: 0, most: 0 };
    const step = toyStep(
      world,
      's',
      Array.from({ length: 30 }, (_, index) => ({ address: `a${index}` })),
      {
        apply: async (_session, { address, desired }) => {
          now.open += 1;
          now.most = Math.max(now.most, now.open);
          await new Promise((done) => setImmediate(done));
          now.open -= 1;
          world.objects.set(address, desired);
        },
      },
    );
    await walked([step], { parallel: 4 });
    expect(now.most).toBe(4);
  });
});
