import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailedError, InputError, VaultbindError } from '../../src/errors.ts';
import { readKept } from '../../src/recipe/read.ts';
import { openPlan, sourcesOf } from '../../src/saved-plan/open.ts';
import { savedPlanJsonSchema } from '../../src/saved-plan/schema.ts';
import { digest } from '../../src/saved-plan/seal.ts';
import { expectGolden } from '../golden.ts';
import { shown } from '../shown.ts';
import { read, saved } from './scene.ts';

const text = JSON.stringify(saved());
/** As if vaultbind had these steps, in this order. */
const steps = [
  { name: 'early', writes: true },
  { name: 'toy', writes: true },
  { name: 'looking', writes: false },
];
const opened = (given: string) => openPlan('plan.json', given, steps);

function problemOf(run: () => unknown): VaultbindError {
  try {
    run();
  } catch (error) {
    if (error instanceof VaultbindError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('a saved plan', () => {
  it('looks the same from one version to the next', () => {
    expectGolden('saved-plan/plan.json', `${JSON.stringify(saved(), null, 2)}\n`);
    expectGolden('saved-plan/schema.json', `${JSON.stringify(savedPlanJsonSchema(), null, 2)}\n`);
  });

  it('reads back as it was', () => {
    expect(opened(text)).toEqual(saved());
  });

  it('gives the recipe that it was made of', () => {
    expect(readKept(sourcesOf(opened(text)))).toEqual(read());
  });

  it('may be laid out otherwise', () => {
    const reversed = Object.fromEntries(Object.entries(saved()).reverse());
    expect(opened(`\n${JSON.stringify(reversed, null, 7)}`)).toEqual(saved());
  });
});

const edited = (change: (plan: ReturnType<typeof saved>) => void) => {
  const plan = saved();
  change(plan);
  return JSON.stringify(plan);
};

type Plan = ReturnType<typeof saved>;

/** A plan that somebody edited, with a hash made anew: it is no signature. */
const forged = (change: (plan: Plan) => unknown) => resealed((plan) => change(plan as Plan));
const object = (plan: Plan, address: string) => plan.objects.find((one) => one.address === address);

/** A seal that fits the edited text, for what the seal does not guard. */
const resealed = (change: (plan: Record<string, unknown>) => void) => {
  const { sha256: _, ...plan } = saved();
  change(plan);
  return JSON.stringify({ ...plan, sha256: digest(plan) });
};

const broken: [what: string, text: string, said: RegExp][] = [
  ['nothing', '', /it is empty/],
  ['a recipe', 'version: 1\nname: x\n', /not JSON/],
  ['its first half', text.slice(0, text.length / 2), /cut off/],
  ['all but its end', text.slice(0, -1), /cut off/],
  ['two of it', `${text}${text}`, /cut off, or no JSON/],
  ['other JSON', '{"kind": "Secret"}', /not a plan that vaultbind saved/],
  ['a list', '[]', /not a plan that vaultbind saved/],
  ['null', 'null', /not a plan that vaultbind saved/],
  ['another address', edited((plan) => Object.assign(plan.vault, { address: 'https://evil.example' })), /was changed/],
  ['another decision', edited((plan) => Object.assign(plan.objects[0] ?? {}, { decision: 'none' })), /was changed/],
  ['one object less', edited((plan) => plan.objects.pop()), /was changed/],
  ['another policy', edited((plan) => Object.assign(plan.recipe.beside[0] ?? {}, { text: '' })), /was changed/],
  ['another step', edited((plan) => plan.steps.push('x')), /was changed/],
  ['another time', edited((plan) => Object.assign(plan, { made: '2026-01-02T03:04:06.000Z' })), /was changed/],
  ['another seal', edited((plan) => Object.assign(plan, { sha256: '0'.repeat(64) })), /was changed/],
  ['no seal', edited((plan) => Reflect.deleteProperty(plan, 'sha256')), /damaged: sha256/],
  ['a key more', resealed((plan) => Object.assign(plan, { more: 1 })), /damaged/],
  [
    'a recipe hash of another recipe',
    resealed((plan) => Object.assign(plan['recipe'] as object, { files: [{ file: 'x', text: 'y' }] })),
    /was changed/,
  ],
];

/** Edits that leave a plan of which nothing, or something else than was shown, could pass for applied. */
const edits: [what: string, text: string, said: RegExp][] = [
  ['no steps', forged((plan) => plan.steps.splice(0)), /damaged: steps/],
  ['no objects', forged((plan) => plan.objects.splice(0)), /damaged: objects/],
  ['an unknown step and no objects', forged((plan) => Object.assign(plan, { steps: ['x'], objects: [] })), /damaged/],
  ['an unknown step', forged((plan) => plan.steps.push('nothing')), /a step that vaultbind does not have/],
  [
    'a step by an inherited name',
    forged((plan) => plan.steps.push('__proto__')),
    /a step that vaultbind does not have/,
  ],
  ['a step twice', forged((plan) => plan.steps.unshift('toy')), /each one once and in their order/],
  ['its steps in another order', forged((plan) => plan.steps.reverse()), /each one once and in their order/],
  [
    'a step that none of its objects is of',
    forged((plan) => plan.steps.splice(0, 2, 'early')),
    /not those of its steps/,
  ],
  ['only a step that writes nothing', forged((plan) => plan.steps.splice(0, 1)), /not those of its steps/],
  [
    'the same, with its objects',
    forged((plan) => {
      plan.steps = ['looking'];
      for (const one of plan.objects) one.chosen = one.step === 'looking';
    }),
    /nothing in it could be applied/,
  ],
  [
    'an object of an unknown step',
    forged((plan) => Object.assign(object(plan, 'toy/made') ?? {}, { step: 'x' })),
    /a step that vaultbind does not have/,
  ],
  ['an object twice', forged((plan) => plan.objects.splice(1, 0, ...plan.objects.slice(0, 1))), /an object twice/],
  ['its objects in another order', forged((plan) => plan.objects.reverse()), /not in the order of their steps/],
  [
    'an object that is not to be written',
    forged((plan) => Object.assign(object(plan, 'toy/made') ?? {}, { chosen: false })),
    /not those of its steps/,
  ],
  [
    'lists 50,000 deep',
    text.replace('"desired":{', `"desired":{"x":${'['.repeat(50_000)}${']'.repeat(50_000)},`),
    /nested/,
  ],
  ['lists without end', '['.repeat(500_000), /nested/],
  [
    'objects 200,000 deep',
    `{"format":"vaultbind-plan","schema_version":1,"vaultbind":"0.1.0","x":${'{"a":'.repeat(200_000)}1${'}'.repeat(200_001)}`,
    /nested/,
  ],
];

describe('is refused, with exit 3 and the way out:', () => {
  it.each([...broken, ...edits])('%s', (_what, given, said) => {
    const error = problemOf(() => opened(given));
    expect(error).toBeInstanceOf(InputError);
    expect(error.problems).toMatchObject([{ code: 'plan-unreadable', subject: 'plan.json' }]);
    expect(error.problems[0]?.message).toMatch(said);
    expect(shown(error.problems)[0]?.fix.map(({ command }) => command)).toContain('vaultbind apply -f plan.json');
  });

  it('any change of one character', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('0', 'a', '"', '}', ' '), (at, character) => {
        const changed = `${text.slice(0, at)}${character}${text.slice(at + 1)}`;
        const same = (() => {
          try {
            return JSON.stringify(JSON.parse(changed)) === text;
          } catch {
            return false;
          }
        })();
        if (!same) expect(problemOf(() => opened(changed))).toBeInstanceOf(VaultbindError);
      }),
    );
  });
});

describe('of another schema', () => {
  it('is stale, whatever else it holds', () => {
    const later = JSON.stringify({ format: 'vaultbind-plan', schema_version: 7, vaultbind: '7.0.0', news: [] });
    const error = problemOf(() => opened(later));
    expect(error).toBeInstanceOf(FailedError);
    expect(error.problems).toMatchObject([{ code: 'plan-stale' }]);
  });
});
