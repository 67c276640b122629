import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printGrant } from '../../src/policy/print.ts';
import { parsePolicy } from '../../src/policy/reading/parse.ts';

const said = (text: string) =>
  parsePolicy(text).rules.map(({ path, capabilities }) => ({ path, capabilities: [...capabilities] }));

/** Law: what is advised grants on the path that was asked for and on no other, whatever the names in it hold. */
describe('a grant that is advised', () => {
  it.each([
    'sys/policies/acl/admin" "b',
    'sys/policies/acl/a" b\\',
    'auth/x" { capabilities = ["sudo"] } path "sys/*/config',
    'auth/${x}/config',
    'auth/a\nb/config',
  ])('is about %s alone', (path) => {
    expect(said(printGrant(path, ['create', 'update']))).toEqual([{ path, capabilities: ['create', 'update'] }]);
  });

  it('is about any path alone', () => {
    const name = fc.string({ unit: fc.constantFrom('a', '"', '\\', '{', '}', '$', '#', '/', "'", ' ', '\n', '<') });
    fc.assert(
      fc.property(name, (some) => {
        const path = `auth/${some.replaceAll('{{', '').replaceAll('}}', '')}/config`;
        expect(said(printGrant(path, ['read']))).toEqual([{ path, capabilities: ['read'] }]);
      }),
    );
  });
});
