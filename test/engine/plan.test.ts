import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/contracts/step.ts';
import { planFindings } from '../../src/engine/findings.ts';
import { plan } from '../../src/engine/plan.ts';
import { SystemError } from '../../src/errors.ts';
import { newWorld, noClients, toyStep, toyTarget } from './toys.ts';

const observer = () => undefined;

async function planned(steps: Step[], chosen = steps.map(({ name }) => name)) {
  return await plan(steps, toyTarget, noClients, { chosen: new Set(chosen), observer });
}

async function decisions(steps: Step[], chosen?: string[]) {
  const { planned: all } = await planned(steps, chosen);
  return Object.fromEntries(all.map(({ resource, decision }) => [resource.address, decision.action]));
}

describe('plan', () => {
  it('creates what is missing, updates what differs, leaves what is equal', async () => {
    const world = newWorld({ b: { v: 1 }, c: { v: 2 } });
    const step = toyStep(world, 's', [{ address: 'a' }, { address: 'b' }, { address: 'c' }]);
    expect(await decisions([step])).toEqual({ a: 'create', b: 'none', c: 'update' });
  });

  it('looks at each object once', async () => {
    const world = newWorld();
    await planned([
      toyStep(world, 's', [{ address: 'a' }, { address: 'b', needs: ['a'] }, { address: 'c', needs: ['a', 'b'] }]),
    ]);
    expect(world.observed.toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('asks nothing about an object whose holder is missing', async () => {
    const world = newWorld();
    const steps = [toyStep(world, 's', [{ address: 'a' }]), toyStep(world, 't', [{ address: 'b', inside: 'a' }])];
    expect(await decisions(steps)).toEqual({ a: 'create', b: 'create' });
    expect(world.observed).toEqual(['a']);
  });

  it('says after what a value will be known', async () => {
    const world = newWorld();
    const holder = toyStep(world, 's', [{ address: 'a' }]);
    const inside = toyStep(world, 't', [{ address: 'b', inside: 'a' }], { unknowns: () => ['accessor'] });
    const { fields } = planFindings(await planned([holder, inside])).find(({ subject }) => subject === 'b') ?? {};
    expect(fields).toEqual([
      { field: 'v', after: 1 },
      { field: 'accessor', unknown: 'after apply of a' },
    ]);
  });

  it('skips without a request what stands on a blocked object, however far', async () => {
    const world = newWorld();
    const steps = [
      toyStep(world, 's', [{ address: 'a', blocked: true }]),
      toyStep(world, 't', [{ address: 'b', inside: 'a' }, { address: 'c', needs: ['b'] }, { address: 'd' }]),
    ];
    expect(await decisions(steps)).toEqual({ a: 'blocked', b: 'skipped', c: 'skipped', d: 'create' });
    expect(world.observed.toSorted()).toEqual(['a', 'd']);
  });

  it('leaves a step that only looks for later when its object is yet to be made', async () => {
    const world = newWorld();
    const steps = [
      toyStep(world, 's', [{ address: 'a' }]),
      toyStep(world, 't', [{ address: 'b', inside: 'a' }], { writes: false }),
    ];
    expect(await decisions(steps)).toEqual({ a: 'create', b: 'later' });
  });

  it('names the step and the command when a step alone stands on something that is not there', async () => {
    const world = newWorld();
    const steps = [toyStep(world, 's', [{ address: 'a' }]), toyStep(world, 't', [{ address: 'b', inside: 'a' }])];
    const [finding, ...more] = planFindings(await planned(steps, ['t']));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ subject: 'b', status: 'blocked', code: 'need-missing' });
    expect(finding?.fix[0]?.command).toBe('vaultbind step s -f toy.yaml');
  });

  it('does not mind, for a step alone, that what it stands on differs', async () => {
    const world = newWorld({ a: { v: 9 } });
    const steps = [toyStep(world, 's', [{ address: 'a' }]), toyStep(world, 't', [{ address: 'b', inside: 'a' }])];
    expect(await decisions(steps, ['t'])).toEqual({ a: 'update', b: 'create' });
  });

  it('looks only at what the chosen steps stand on', async () => {
    const world = newWorld({ a: { v: 1 } });
    const steps = [
      toyStep(world, 's', [{ address: 'a' }, { address: 'z' }]),
      toyStep(world, 't', [{ address: 'b', needs: ['a'] }]),
    ];
    await planned(steps, ['t']);
    expect(world.observed.toSorted()).toEqual(['a', 'b']);
  });

  it('collects refusals, so that all that is missing is said at once', async () => {
    const world = newWorld();
    const refuse = (address: string) =>
      new SystemError({ code: 'operator-forbidden', subject: address, message: `may not read ${address}` });
    const step = toyStep(world, 's', [{ address: 'a' }, { address: 'b' }, { address: 'c', needs: ['a'] }], {
      observe: async (_reading, { address }) => {
        throw refuse(address);
      },
    });
    const findings = planFindings(await planned([step]));
    expect(findings.map(({ subject, status }) => [subject, status])).toEqual([
      ['a', 'failed'],
      ['b', 'failed'],
      ['c', 'skipped'],
    ]);
  });

  it('ends at once when a system does not answer', async () => {
    const step = toyStep(newWorld(), 's', [{ address: 'a' }], {
      observe: async () => {
        throw new SystemError({ code: 'vault-unreachable', subject: '', message: 'gone' });
      },
    });
    await expect(planned([step])).rejects.toThrow('gone');
  });
});
