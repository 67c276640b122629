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
    expect(openPlan('plan.json', text)).toEqual(saved());
  });

  it('gives the recipe that it was made of', () => {
    expect(readKept(sourcesOf(openPlan('plan.json', text)))).toEqual(read());
  });

  it('may be laid out otherwise', () => {
    const reversed = Object.fromEntries(Object.entries(saved()).reverse());
    expect(openPlan('plan.json', `\n${JSON.stringify(reversed, null, 7)}`)).toEqual(saved());
  });
});

const edited = (change: (plan: ReturnType<typeof saved>) => void) => {
  const plan = saved();
  change(plan);
  return JSON.stringify(plan);
};

/** A seal that fits the edited text, for what the seal does not guard. */
const resealed = (change: (plan: Record<string, unknown>) => void) => {
  const { sha256: _, ...plan } = saved();
  change(plan);
  return JSON.stringify({ ...plan, sha256: digest(plan) });
};

const broken: [what: string, text: string, said: RegExp][] = [
  ['nothing', '', /no JSON/],
  ['a recipe', 'version: 1\nname: x\n', /no JSON/],
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

describe('is refused, with exit 3 and the way out:', () => {
  it.each(broken)('%s', (_what, given, said) => {
    const error = problemOf(() => openPlan('plan.json', given));
    expect(error).toBeInstanceOf(InputError);
    expect(error.problems).toMatchObject([{ code: 'plan-unreadable', subject: 'plan.json' }]);
    expect(error.problems[0]?.message).toMatch(said);
    expect(shown(error.problems)[0]?.fix.map(({ command }) => command)).toContain('vaultbind apply -f RECIPE');
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
        if (!same) expect(problemOf(() => openPlan('plan.json', changed))).toBeInstanceOf(VaultbindError);
      }),
    );
  });
});

describe('of another schema', () => {
  it('is stale, whatever else it holds', () => {
    const later = JSON.stringify({ format: 'vaultbind-plan', schema_version: 7, vaultbind: '7.0.0', news: [] });
    const error = problemOf(() => openPlan('plan.json', later));
    expect(error).toBeInstanceOf(FailedError);
    expect(error.problems).toMatchObject([{ code: 'plan-stale' }]);
  });
});
