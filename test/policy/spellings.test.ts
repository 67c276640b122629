import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/policy/reading/parse.ts';

/**
 * Law: a parameter that one block names in two spellings is not clear. The servers fold the names of a block in the
 * order of a Go map, so the same text gives now this right and now that.
 */
describe('two spellings of a parameter', () => {
  it.each([
    ['path "a" { allowed_parameters = { "ttl" = ["1h"], "TTL" = [] } }', '1:51'],
    ['path "a" { allowed_parameters = { "TTL" = [], "ttl" = ["1h"] } }', '1:47'],
    ['path "a" {\n  denied_parameters = { a = []\n A = [] }\n}', '3:2'],
    ['path "a" { allowed_parameters { a = [] } allowed_parameters { A = [] } }', '1:63'],
    ['path "a" { allowed_parameters { "\\x61" = [], "A" = [] } }', '1:46'],
    ['path "a" { capabilities = ["deny"] denied_parameters { "É" = [], "é" = [] } }', '1:66'],
    ['path "a" { denied_parameters { "İ" = [], i = [] } }', '1:42'],
    ['{"path": {"a": {"policy": "read", "allowed_parameters": {"a": ["x"], "A": []}}}}', '1:70'],
    ['{"path": {"a": {"allowed_parameters": [{"a": ["x"]}, {"A": []}]}}}', '1:55'],
  ])('in %s are not clear', (text, place) => {
    const { unclear, rules } = parsePolicy(text);
    expect(rules).toEqual([]);
    expect(unclear?.message).toMatch(/_parameters has ".+" and ".+", which are one name to the servers/);
    expect(`${unclear?.line}:${unclear?.column}`).toBe(place);
  });

  it.each([
    'path "a" { allowed_parameters = { A = ["x"] } denied_parameters = { a = ["x"] } }',
    'path "a" { allowed_parameters = { A = [] } } path "a" { allowed_parameters = { a = [] } }',
    'path "a" { allowed_parameters { A = ["x"] } allowed_parameters { A = ["y"] } }',
    'path "a" { required_parameters = ["a", "A"] }',
  ])('in %s are clear: other maps, other blocks, one spelling, a list', (text) => {
    expect(parsePolicy(text)).toMatchObject({ problems: [] });
    expect(parsePolicy(text).unclear).toBeUndefined();
  });

  it('a name is folded as Go does it, one character for one', () => {
    const { rules } = parsePolicy('path "a" { allowed_parameters = { "ΑΣ" = [] } required_parameters = ["İ"] }');
    expect([...(rules[0]?.allowed_parameters?.keys() ?? [])]).toEqual(['ασ']);
    expect(rules[0]?.required_parameters).toEqual(['i']);
  });
});
