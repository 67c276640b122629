import { describe, expect, it } from 'vitest';
import type { Handshake } from '../../src/kubernetes/handshake.ts';
import { fetchCredentials } from '../../src/steps/fetch-credentials.ts';
import { toyTarget } from '../engine/toys.ts';
import { apiHost } from '../trust/host.ts';
import { sampleCa } from '../trust/sample.ts';

/** Law: the API server was reached when a plan was made, so a look that fails from here is a doubt and blocks nothing. */
describe('an API server that was reached, and does not answer to a look', () => {
  const handshake: Handshake = {
    ...{ status: 'unreachable', said: 'connect ECONNREFUSED', connected: false, chain: [] },
    ...{ signed: false, named: false, current: false },
  };
  const cluster = { ...toyTarget.cluster, ca: sampleCa };

  it.each([
    ["at the kubeconfig's own address", cluster],
    [
      "at the recipe's",
      { ...cluster, host: apiHost('https://10.9.9.9'), source: { host: 'recipe', ca: 'recipe' } as const },
    ],
  ])('is a warning %s', (_, cluster) => {
    const target = { ...toyTarget, cluster };
    const [resource] = fetchCredentials.resources(target).slice(-1);
    expect(resource && fetchCredentials.diff(resource, { handshake }, target)).toMatchObject({
      action: 'none',
      warnings: [{ code: 'host-unreachable', message: expect.stringContaining('proved by login') }],
    });
  });
});
