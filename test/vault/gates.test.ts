import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import {
  browserGate,
  loginGate,
  proberGate,
  readerGate,
  scratchGate,
  sessionGate,
  workloadGate,
} from '../../src/vault/gates.ts';
import { apiPath, isAddressable, pathNames } from '../../src/vault/paths.ts';

const reads = [
  'sys/health',
  'sys/auth',
  'sys/auth/team/kube',
  'sys/internal/ui/mounts/secret/data/x',
  'sys/internal/ui/mounts/auth/kube',
  'sys/policies/acl',
  'sys/policies/acl/app',
  'sys/policies/acl/team/my app/ü?#%',
  'auth/team/kube/config',
  'auth/kube/role',
  'auth/kube/role/app',
  'auth/token/lookup-self',
];

const asks = [
  'auth/team/kube/login',
  'auth/token/revoke-self',
  'auth/token/revoke-accessor',
  'sys/capabilities-self',
  'sys/capabilities-accessor',
];

const writes = [
  'sys/auth/kube',
  'sys/auth/kube/tune',
  'sys/mounts/auth/kube/tune',
  'sys/policies/acl/app',
  'sys/policies/acl/team/my app/ü?#%',
  'auth/kube/config',
  'auth/kube/role/app',
];

const never = [
  'secret/data/myapp/config',
  'secret/metadata/myapp',
  'kv/app',
  'database/creds/app',
  'sys/raw/core',
  'auth/token/create',
  'sys/policies/password/x/generate',
  'auth/approle/role/x/secret-id',
  'sys/mounts/secret',
  'sys/seal',
  'identity/entity',
];

const forms = (paths: string[]) => paths.map((path) => `/v1/${path}`);
const passing = (gate: typeof readerGate, method: string, paths: string[]) =>
  forms(paths).filter((path) => gate(method, path));

describe('what each capability may send as the operator', () => {
  test('a reader reads, and nothing else', () => {
    expect(passing(readerGate, 'GET', reads)).toEqual(forms(reads));
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'LIST']) {
      expect(passing(readerGate, method, [...reads, ...asks, ...writes, ...never])).toEqual([]);
    }
    expect(passing(readerGate, 'GET', ['sys/monitor'])).toEqual([]);
  });

  test('a prober also asks', () => {
    expect(passing(proberGate, 'POST', asks)).toEqual(forms(asks));
    expect(passing(proberGate, 'GET', [...reads, 'sys/monitor'])).toEqual(forms([...reads, 'sys/monitor']));
    expect(passing(proberGate, 'POST', [...writes, ...never])).toEqual([]);
  });

  test('a session also writes what steps write', () => {
    expect(passing(sessionGate, 'POST', [...asks, ...writes])).toEqual(forms([...asks, ...writes]));
    expect(passing(sessionGate, 'POST', never)).toEqual([]);
    expect(passing(sessionGate, 'DELETE', [...writes, ...never])).toEqual([]);
  });

  test('no capability reads a secret as the operator', () => {
    const secrets = never.filter((path) => !/^sys\/mounts/.test(path));
    for (const gate of [readerGate, proberGate, sessionGate]) expect(passing(gate, 'GET', secrets)).toEqual([]);
  });
});

test('a browser lists names of secrets, and reads none of them', () => {
  const names = forms(['secret/metadata/', 'secret/metadata/myapp/', 'kv/app/', 'team/kv/metadata/a/']);
  expect(names.filter((path) => browserGate('GET', path, true))).toEqual(names);
  expect(names.filter((path) => browserGate('GET', path, false))).toEqual([]);
  expect(passing(browserGate, 'GET', [...reads, ...never])).toEqual([]);
  expect(passing(browserGate, 'POST', [...reads, ...asks, ...writes, ...never])).toEqual(['/v1/sys/capabilities-self']);
  for (const path of ['auth/token/accessors', 'sys/raw/', 'identity/entity/id', 'cubbyhole/'])
    expect(browserGate('GET', `/v1/${path}`, true)).toBe(false);
});

test('a login logs in, unwraps and ends its token, and nothing else', () => {
  const own = [
    ...['auth/approle/login', 'auth/team/ldap/login/somebody', 'auth/token/revoke-self'],
    ...['sys/wrapping/lookup', 'sys/wrapping/unwrap'],
  ];
  expect(passing(loginGate, 'POST', own)).toEqual(forms(own));
  expect(passing(loginGate, 'GET', ['sys/health'])).toHaveLength(1);
  const others = [...reads, ...asks, ...writes, ...never].filter((path) => !/\/login$|revoke-self$|health$/.test(path));
  const near = ['sys/wrapping/wrap', 'sys/wrapping/rewrap', 'auth/approle/role/x/login/y/z', 'auth/userpass/users/x'];
  for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'LIST'])
    expect(passing(loginGate, method, [...others, ...near])).toEqual([]);
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'LIST']) expect(passing(loginGate, method, own)).toEqual([]);
});

test('a workload token reads, asks about itself and ends itself', () => {
  expect(passing(workloadGate, 'GET', ['secret/data/myapp/config'])).toHaveLength(1);
  expect(passing(workloadGate, 'POST', ['sys/capabilities-self', 'auth/token/revoke-self'])).toHaveLength(2);
  expect(passing(workloadGate, 'POST', ['secret/data/x', ...writes, 'auth/kube/login'])).toEqual([]);
  expect(passing(workloadGate, 'DELETE', ['secret/data/x'])).toEqual([]);
});

/** What a request is and what a gate lets pass is made of one list: a name that can be asked for passes, whatever is in it. */
test('every name that has a path passes the gates, and no other is asked for', () => {
  const names = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('team/app', 'a b', 'x\ny', '..', 'a//b', 'end/', '%2e'),
  );
  fc.assert(
    fc.property(names, (name) => {
      const path = `sys/policies/acl/${name}`;
      if (!isAddressable(path)) {
        expect(() => apiPath(path)).toThrow(InputError);
        return;
      }
      const { pathname } = new URL(`http://vault/v1/${apiPath(path)}`);
      expect(decodeURIComponent(pathname)).toBe(`/v1/${path}`);
      expect(readerGate('GET', decodeURIComponent(pathname))).toBe(true);
    }),
  );
});

test('a path that may be two things is held against both', () => {
  expect(pathNames('sys/policies/acl/team/app')).toEqual(['policy']);
  expect(pathNames('auth/team/kube/role/app')).toEqual(['role']);
  expect(pathNames('auth/a/role/config')).toEqual(['config', 'role']);
  expect(pathNames('secret/data/x')).toEqual([]);
});

describe('a probe', () => {
  const mount = 'vaultbind-probe-0123456789ab';

  test('makes, fills and removes scratch mounts', () => {
    const inside = [`sys/auth/${mount}`, `auth/${mount}/config`, `auth/${mount}/role/probe`];
    expect(passing(scratchGate, 'POST', inside)).toEqual(forms(inside));
    expect(passing(scratchGate, 'DELETE', inside)).toEqual(forms([`sys/auth/${mount}`]));
  });

  test('touches nothing else', () => {
    const others = [
      ...[...reads, ...asks, ...writes, ...never],
      ...['vaultbind-probe-', 'vaultbind-probe-0123', `${mount}x`, `x${mount}`, `team/${mount}`, `${mount}/../kube`],
    ].flatMap((path) => [path, `sys/auth/${path}`, `auth/${path}/config`, `auth/${path}/role/x`]);
    for (const method of ['POST', 'PUT', 'DELETE', 'GET', 'LIST', 'PATCH'])
      expect(passing(scratchGate, method, others)).toEqual([]);
  });
});
