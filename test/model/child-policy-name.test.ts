import fc from 'fast-check';
import { expect, it } from 'vitest';
import { childPolicyName, childTtl, isChildPolicy, isLeftChildPolicy } from '../../src/model/child-policy-name.ts';
import { childGate } from '../../src/vault/gates.ts';

const times = fc.date({ min: new Date('2020-01-01'), max: new Date('2099-01-01'), noInvalidDate: true });

it('a name tells when it was made, and is left alone until its token has surely ended', () => {
  fc.assert(
    fc.property(times, fc.integer({ min: -10_000, max: 10_000 }), (made, seconds) => {
      const name = childPolicyName(made);
      expect(isChildPolicy(name)).toBe(true);
      const now = new Date(made.getTime() + seconds * 1000);
      // The name leaves out milliseconds.
      if (Math.abs(seconds - 2 * childTtl) > 1) expect(isLeftChildPolicy(name, now)).toBe(seconds > 2 * childTtl);
    }),
  );
});

it.each([
  'vaultbind-child',
  'vaultbind-child-mine',
  'vaultbind-child-20200101t000000z',
  'x-vaultbind-child-20200101t000000z-00000000',
])('leaves %s alone, which somebody else made', (name) => {
  expect(isLeftChildPolicy(name, new Date())).toBe(false);
});

const own = childPolicyName(new Date());

it.each([
  ['PUT', `/v1/sys/policies/acl/${own}`, true],
  ['DELETE', `/v1/sys/policies/acl/${own}`, true],
  ['POST', '/v1/auth/token/create', true],
  ['POST', '/v1/auth/token/revoke-self', true],
  ['PUT', '/v1/sys/policies/acl/myapp', false],
  ['DELETE', '/v1/sys/policies/acl/myapp', false],
  ['DELETE', '/v1/sys/policies/acl/vaultbind-child-mine', false],
  ['POST', '/v1/auth/token/create-orphan', false],
  ['POST', '/v1/auth/token/revoke', false],
  ['GET', '/v1/secret/data/x', false],
])('what makes children may %s %s: %s', (method, path, allowed) => {
  expect(childGate(method, path)).toBe(allowed);
});
