import { describe, expect, it } from 'vitest';
import type { Planned } from '../../src/engine/plan.ts';
import { FailedError, SystemError } from '../../src/errors.ts';
import { expectSamePlan } from '../../src/saved-plan/stale.ts';
import { shown } from '../shown.ts';
import { decided, object, planOf, saved } from './scene.ts';

function differences(now: Planned[]): string[] {
  try {
    expectSamePlan(saved(), 'shop.plan.json', planOf(now));
  } catch (error) {
    if (!(error instanceof FailedError)) throw error;
    expect(
      shown(error.problems)
        .at(-1)
        ?.fix.map(({ command }) => command),
    ).toEqual(['vaultbind plan -f shop.yaml --out shop.plan.json']);
    return error.problems.map(({ subject, message }) => `${subject}: ${message}`);
  }
  return [];
}

const swapped = (address: string, now: Planned) => decided.map((one) => (one.resource.address === address ? now : one));
const refused = new SystemError({ code: 'operator-forbidden', subject: 'x', message: 'may not read' });

const rows: [what: string, now: Planned[], said: string[]][] = [
  ['nothing', decided, []],
  ['order alone', [...decided].reverse(), []],
  [
    'a value that the recipe decides',
    swapped(
      'toy/changed',
      object(
        'toy/changed',
        { action: 'update', fields: [{ field: 'v', before: 3, after: 1 }] },
        { v: 3, other: ['x'] },
      ),
    ),
    ['toy/changed: changed since the plan was made: v'],
  ],
  [
    'a value beside',
    swapped(
      'toy/changed',
      object('toy/changed', { action: 'update', fields: [{ field: 'v', before: 2, after: 1 }] }, { v: 2, other: [] }),
    ),
    ['toy/changed: changed since the plan was made: other'],
  ],
  [
    'what was missing is there',
    swapped('toy/made', object('toy/made', { action: 'none' }, { v: 1 })),
    ['toy/made: did not exist when the plan was made, and exists now; the plan creates it (v), and now it is in place'],
  ],
  [
    'what was there is missing',
    swapped('toy/there', object('toy/there', { action: 'create', fields: [{ field: 'v', after: 1 }] })),
    [
      'toy/there: existed when the plan was made, and is gone; the plan found it in place, and now it would be created (v)',
    ],
  ],
  [
    'what is wanted',
    swapped('toy/there', {
      ...object('toy/there', { action: 'none' }, { v: 1 }),
      resource: { system: 'vault', address: 'toy/there', desired: { v: 1, w: 2 } },
    }),
    ['toy/there: is wanted otherwise than the plan has it: w'],
  ],
  [
    'what is blocked, skipped and unreadable',
    [
      object('toy/made', { action: 'blocked', code: 'binding-foreign', reason: 'foreign', fix: [] }),
      object('toy/changed', { action: 'skipped', need: 'toy/made' }),
      object('toy/there', { action: 'unreadable', error: refused }),
      ...decided.slice(3),
    ],
    [
      'toy/made: it is blocked now: foreign',
      'toy/changed: toy/made is not in place now',
      'toy/there: it cannot be read now: may not read',
    ],
  ],
  ['an object less', decided.slice(1), ['toy/made: the plan has it, and planning again does not']],
  [
    'an object more',
    [...decided, object('toy/new', { action: 'none' })],
    ['toy/new: planning again has it, and the plan does not'],
  ],
  [
    'only looked at',
    swapped('toy/there', { ...object('toy/there', { action: 'none' }, { v: 1 }), chosen: false }),
    ['toy/there: belongs to other steps than the plan has it in'],
  ],
];

describe('what differs between a saved plan and planning again', () => {
  it.each(rows)('%s', (_what, now, said) => {
    expect(differences(now)).toEqual(said);
  });
});
