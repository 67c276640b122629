import type { Session } from '../../src/contracts/clients.ts';
import { defineStep, type Resource, type State, type Step } from '../../src/contracts/step.ts';
import type { Target } from '../../src/contracts/target.ts';
import { usualAuthType } from '../../src/recipe/auth-types/index.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import { apiHost } from '../trust/host.ts';

/** A world of named objects in memory: the engine is what is tested, so its steps are toys. */
export interface World {
  objects: Map<string, State>;
  observed: string[];
  written: string[];
}

export interface Toy extends Resource {
  blocked?: boolean;
}

export function newWorld(objects: Record<string, State> = {}): World {
  return { objects: new Map(Object.entries(objects)), observed: [], written: [] };
}

export function toyStep(world: World, name: string, resources: Partial<Toy>[], more: Partial<Step<Toy>> = {}): Step {
  return defineStep<Toy>({
    name,
    title: name,
    summary: name,
    commands: () => [],
    access: () => [],
    resources: () => resources.map((one) => ({ system: 'vault', address: `${name}/x`, desired: { v: 1 }, ...one })),
    observe: async (_reading, { address }) => {
      world.observed.push(address);
      return world.objects.get(address);
    },
    diff: ({ desired, blocked }, observed) => {
      if (blocked) return { action: 'blocked', code: 'binding-foreign', reason: 'foreign', fix: [] };
      if (!observed) return { action: 'create', fields: [{ field: 'v', after: desired['v'] }] };
      if (observed['v'] === desired['v']) return { action: 'none' };
      return { action: 'update', fields: [{ field: 'v', before: observed['v'], after: desired['v'] }] };
    },
    apply: async (_session, { address, desired }) => {
      world.written.push(address);
      world.objects.set(address, desired);
    },
    ...more,
  });
}

const at = { file: 'toy.yaml', line: 1, column: 1 };

export const toyTarget: Target = {
  recipe: {
    name: 'toy',
    files: ['toy.yaml'],
    vault: { at },
    cluster: { at },
    auth: {
      type: usualAuthType,
      path: 'toy',
      manage: 'full',
      reviewer: { mode: 'client_jwt', whoReviews: 'client', storesToken: false, config: {}, at },
      config: {},
      at,
    },
    policies: [],
    roles: [],
    expect: [],
  } satisfies Recipe,
  vault: { address: 'http://127.0.0.1:1', namespace: '', product: 'openbao', version: '0' },
  cluster: {
    server: apiHost('https://127.0.0.1:1'),
    host: apiHost('https://127.0.0.1:1'),
    source: { host: 'kubeconfig', ca: 'none' },
    vouched: true,
    version: 'v0',
  },
};

/** Toy steps touch no client but `forget`. */
export const noClients = { vault: { forget() {} }, kubernetes: { forget() {} } } as unknown as Session;
