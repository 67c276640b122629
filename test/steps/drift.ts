import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/sandbox/servers/certificates.ts';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';
import { type RecipeData, type Workbench, workbench } from '../servers/workbench.ts';
import { type Hand, handOf, pending, watched } from './hand.ts';

export interface Scene {
  bench: Workbench;
  hand: Hand;
  /** A CA that signs nothing here. */
  otherCa: string;
}

export type Fields = Record<string, [before: unknown, after: unknown]>;

/** One thing that a hand changes, and what is promised of it. */
export interface Drift {
  what: string;
  only?: VaultProduct;
  byHand(scene: Scene): Promise<unknown>;
  /** What plan shows: address -> field -> [before, after]. Nothing else may be pending. */
  shows(scene: Scene): Record<string, Fields>;
  /** What apply may change besides: the annotation of the Secret whose token was sent. */
  touches?(scene: Scene): string[];
}

export const fromSecret = ({ bench }: Scene) => `(from Secret ${bench.namespace}/vault-reviewer-token)`;

export function driftsAreMended(title: string, product: VaultProduct, drifts: Drift[]): void {
  describe(`${title}, changed behind our back, is planned as exactly that and mended, on ${product}`, () => {
    let scene: Scene;
    beforeAll(async () => {
      const bench = await workbench(product);
      bench.write(richRecipe(bench));
      scene = { bench, hand: handOf(bench), otherCa: (await createAuthority('other')).certificate };
    });
    // One that fails must not fail those after it.
    beforeEach(async () => {
      expect((await scene.bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=none')).exit).toBe(0);
    });
    afterAll(() => scene.bench.remove());

    const these = drifts.filter(({ only }) => only === undefined || only === product);
    it.each(these)('$what', async ({ byHand, shows, touches }) => {
      const { bench, hand } = scene;
      const healthy = await hand.world();
      await byHand(scene);
      const drifted = await hand.world();
      const wanted = shows(scene);

      const plan = await watched(bench, 'plan', '-f', 'recipe.yaml', '--detailed-exitcode');
      expect(trimmed(pending(plan.report))).toEqual(trimmed(wanted));
      expect(plan.report.findings.filter(({ status }) => status === 'failed' || status === 'blocked')).toEqual([]);
      expect(plan.exit).toBe(Object.keys(wanted).length > 0 ? 2 : 0);
      expect(plan.writes).toEqual([]);
      // The token controller may still be removing a Secret of an account that is gone.
      expect(inVault(await hand.world())).toEqual(inVault(drifted));

      const apply = await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=none');
      expect(apply.exit).toBe(0);
      const mended = await hand.world();
      const touched = new Set([...Object.keys(wanted), ...(touches?.(scene) ?? []), ...sentFrom(wanted, hand)]);
      expect(without(mended, touched)).toEqual(without(drifted, touched));
      expect(inVault(mended)).toEqual(inVault(healthy));

      const again = await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode');
      expect(pending(again)).toEqual({});
      expect(again.exit).toBe(0);
      expect((await bench.report('verify', '-f', 'recipe.yaml')).exit).toBe(0);
    });
  });
}

/** The article's recipe with more said, so that there is more to drift. */
function richRecipe(bench: Workbench): RecipeData {
  const recipe = bench.recipe();
  recipe.auth['description'] = 'the workloads of a test';
  const [role] = recipe.roles ?? [];
  Object.assign(role ?? {}, { token_num_uses: 20, token_bound_cidrs: ['127.0.0.1/32', '::1/128'] });
  return recipe;
}

/** Sending the token again notes it on the Secret, when it was not noted. */
function sentFrom(wanted: Record<string, Fields>, { address }: Hand): string[] {
  return wanted[address.config]?.['token_reviewer_jwt'] && wanted[address.secret] ? [address.secret] : [];
}

function without(world: Record<string, unknown>, addresses: Set<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(world).filter(([address]) => !addresses.has(address)));
}

/** What differs although the meaning is the same: OpenBao counts a policy's writes. */
const perWrite = new Set(['accessor', 'version', 'modified']);

/** Vault's objects as they read; a mount made anew has another accessor. */
function inVault(world: Record<string, unknown>): Record<string, unknown> {
  const objects = Object.entries(world).filter(([address]) => /^(sys|auth)\//.test(address));
  return JSON.parse(JSON.stringify(Object.fromEntries(objects), (key, value) => (perWrite.has(key) ? '' : value)));
}

/** Line ends around PEM mean nothing; fields that are not there and undefined are the same. */
function trimmed(found: Record<string, Record<string, unknown[]>>): unknown {
  return JSON.parse(
    JSON.stringify(found, (_, value) =>
      typeof value === 'string' ? value.trim() : value === undefined ? null : value,
    ),
  );
}
