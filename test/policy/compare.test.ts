import { describe, expect, it } from 'vitest';
import { policyDiff, samePolicy } from '../../src/policy/compare.ts';
import { heredocThatHides } from './attacks.ts';

const read = 'path "a" { capabilities = ["read"] }';

const same: [string, string, string][] = [
  ['spaces and comments', read, '# x\npath "a"\n{\n  capabilities=[ "read", ] // y\n}\n'],
  ['line ends', 'path "a" {\n}\n', 'path "a" {\r\n}\r\n'],
  ['order of blocks', `${read} path "b" {}`, `path "b" {} ${read}`],
  [
    'order and duplicates of capabilities',
    'path "a" { capabilities = ["read","list","read"] }',
    'path "a" { capabilities = ["list","read"] }',
  ],
  [
    'policy = "write"',
    'path "a" { policy = "write" }',
    'path "a" { capabilities = ["create","read","update","delete","list"] }',
  ],
  ['policy = "read"', 'path "a" { policy = "read" }', 'path "a" { capabilities = ["list","read"] }'],
  [
    'policy = "sudo"',
    'path "a" { policy = "sudo" }',
    'path "a" { capabilities = ["create","read","update","delete","list","sudo"] }',
  ],
  [
    'policy beside capabilities',
    'path "a" { policy = "read" capabilities = ["sudo"] }',
    'path "a" { capabilities = ["sudo","read","list"] }',
  ],
  [
    'deny and what stands beside it',
    'path "a" { capabilities = ["read","deny"] required_parameters = ["x"] }',
    'path "a" { policy = "deny" }',
  ],
  [
    'blocks for one path',
    `${read} path "a" { capabilities = ["list"] }`,
    'path "a" { capabilities = ["read","list"] }',
  ],
  ['deny in a second block', `${read} path "a" { capabilities = ["deny"] }`, 'path "a" { capabilities = ["deny"] }'],
  ['JSON', read, '{"path": {"a": {"capabilities": ["read"]}}}'],
  ['JSON in lists', `${read} path "b" {}`, '{"path": [{"a": {"capabilities": ["read"]}}, {"b": {}}]}'],
  ['a slash in front', read, 'path "/a" { capabilities = ["read"] }'],
  ['comment and name', read, 'name = "x" path "a" { comment = "y" capabilities = ["read"] }'],
  ['escapes', read, 'path "\\x61" { capabilities = ["\\u0072ead"] }'],
  [
    'durations',
    'path "a" { min_wrapping_ttl = "90s" max_wrapping_ttl = 86400 }',
    'path "a" { min_wrapping_ttl = "1m30s" max_wrapping_ttl = "1d" }',
  ],
  ['a duration of nothing', 'path "a" { min_wrapping_ttl = 0 }', 'path "a" {}'],
  [
    'wrapping times of two blocks',
    'path "a" { min_wrapping_ttl = 9 } path "a" { min_wrapping_ttl = 3 }',
    'path "a" { min_wrapping_ttl = 3 }',
  ],
  [
    'case of parameter names',
    'path "a" { allowed_parameters = { Foo = ["x"] } required_parameters = ["Foo"] }',
    'path "a" { allowed_parameters = { "foo" = ["x"] } required_parameters = ["foo"] }',
  ],
  [
    'order of parameter values',
    'path "a" { allowed_parameters = { x = ["1","2"], y = [] } }',
    'path "a" { allowed_parameters = { y = [], x = ["2","1","1"] } }',
  ],
  [
    'no values win in a second block',
    'path "a" { allowed_parameters = { x = ["1"] } } path "a" { allowed_parameters = { x = [] } }',
    'path "a" { allowed_parameters = { x = [] } }',
  ],
  ['empty parameters', 'path "a" { denied_parameters = {} required_parameters = [] mfa_methods = [] }', 'path "a" {}'],
  ['spaces in a template', 'path "a/{{identity.entity.id}}" {}', 'path "a/{{ identity.entity.id }}" {}'],
  [
    'times of the same instant',
    'path "a" { expiration = "2030-01-01T01:00:00+01:00" }',
    'path "a" { expiration = "1893456000" }',
  ],
  [
    'case of parameter names in two blocks, each folded by itself',
    'path "a" { allowed_parameters = { x = ["1"] } } path "a" { allowed_parameters = { X = ["2"] } }',
    'path "a" { allowed_parameters = { x = ["1", "2"] } }',
  ],
  [
    'one spelling in two attributes',
    'path "a" { denied_parameters { X = ["1"] } denied_parameters { X = ["2"] } }',
    'path "a" { denied_parameters = { x = ["1", "2"] } }',
  ],
  ['unreadable, letter for letter', 'path "a" {', 'path "a" {'],
];

const different: [string, string, string][] = [
  [
    'an attribute twice, which OpenBao alone joins',
    'path "a" { capabilities = ["read"] capabilities = ["list"] }',
    'path "a" { capabilities = ["read","list"] }',
  ],
  [
    'two spellings of a parameter, of which chance takes one',
    'path "a" { allowed_parameters = { "ttl" = ["1h"], "TTL" = [] } }',
    'path "a" { allowed_parameters = { "ttl" = ["1h"] } }',
  ],
  [
    'the same of what is denied',
    'path "a" { denied_parameters = { "a" = ["x"], "A" = ["q"] } }',
    'path "a" { denied_parameters = { "a" = ["x", "q"] } }',
  ],
  ['a rule hidden in what follows a heredoc', heredocThatHides('a'), read],
  ['a capability more', read, 'path "a" { capabilities = ["read","list"] }'],
  ['another path', read, 'path "b" { capabilities = ["read"] }'],
  ['a glob', read, 'path "a*" { capabilities = ["read"] }'],
  ['a slash at the end', read, 'path "a/" { capabilities = ["read"] }'],
  ['case of the path', read, 'path "A" { capabilities = ["read"] }'],
  ['a block without capabilities, which hides wider ones', read, `${read} path "b" { capabilities = [] }`],
  ['no capability and deny', 'path "a" { capabilities = [] }', 'path "a" { capabilities = ["deny"] }'],
  [
    'any value and a list',
    'path "a" { allowed_parameters = { x = [] } }',
    'path "a" { allowed_parameters = { x = ["y"] } }',
  ],
  [
    'text and number',
    'path "a" { allowed_parameters = { x = ["1"] } }',
    'path "a" { allowed_parameters = { x = [1] } }',
  ],
  [
    'numbers beyond exact floats',
    'path "a" { allowed_parameters = { x = [9007199254740993] } }',
    'path "a" { allowed_parameters = { x = [9007199254740992] } }',
  ],
  [
    'true in JSON, which servers drop',
    'path "a" { allowed_parameters = { x = [true] } }',
    '{"path": {"a": {"allowed_parameters": {"x": [true]}, "policy": ""}}}',
  ],
  ['a longer wrapping time', 'path "a" { max_wrapping_ttl = 9 }', 'path "a" { max_wrapping_ttl = 10 }'],
  [
    'another expiration',
    'path "a" { policy = "deny" expiration = "2030-01-01T00:00:00Z" }',
    'path "a" { policy = "deny" }',
  ],
  ['a name of Object.prototype', 'path "__proto__" { policy = "read" }', 'path "a" { policy = "read" }'],
  [
    'a parameter named __proto__',
    'path "a" { denied_parameters = { "__proto__" = ["x"] } }',
    'path "a" { denied_parameters = { } }',
  ],
  ['another control group', 'path "a" { control_group { ttl = 1 } }', 'path "a" { control_group { ttl = 2 } }'],
  [
    'event types that the first block leaves out',
    'path "a" {} path "a" { subscribe_event_types = ["*"] }',
    'path "a" { subscribe_event_types = ["*"] }',
  ],
  ['unreadable, another space', 'path "a" {', 'path  "a" {'],
  ['unreadable against readable', 'path "a" { capabilities = ["rad"] }', read],
];

describe('samePolicy', () => {
  it.each(same)('%s: no change', (_title, a, b) => {
    expect(policyDiff(a, b)).toEqual([]);
    expect(samePolicy(b, a)).toBe(true);
  });

  it.each(different)('%s: a change', (_title, a, b) => {
    expect(samePolicy(a, b)).toBe(false);
    expect(samePolicy(b, a)).toBe(false);
  });
});

describe('policyDiff', () => {
  it('shows what changes, path by path', () => {
    const before = `${read} path "gone" { policy = "deny" } path "kept" { policy = "read" }`;
    const after = `path "a" { capabilities = ["list", "read"] min_wrapping_ttl = "1m" allowed_parameters = { x = [1, "y"] } }
      path "kept" { capabilities = ["list", "read"] } path "new/*" {}`;
    expect(policyDiff(before, after)).toEqual([
      { path: 'a', before: 'read', after: 'read, list; allowed_parameters { "x" = ["y", 1] }; min_wrapping_ttl 60s' },
      { path: 'gone', before: 'deny' },
      { path: 'new/*', after: 'no capability' },
    ]);
  });

  it('shows whole texts when one cannot be read', () => {
    expect(policyDiff('path', read)).toEqual([{ path: '', before: 'path', after: read }]);
  });
});
