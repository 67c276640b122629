import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/policy/reading/parse.ts';
import { table } from './table.ts';

describe('parsePolicy', () => {
  it.each(table)('$title', ({ text, refusedBy, at }) => {
    const { problems } = parsePolicy(text);
    const [first] = problems;
    const refusers = new Set(problems.map((problem) => problem.refusedBy));
    expect(refusers.has('both') ? 'both' : first?.refusedBy).toBe(refusedBy);
    expect(first && `${first.line}:${first.column}`).toBe(at);
  });

  it('says what a block comes to', () => {
    const { rules, problems } = parsePolicy(`
      path "/secret/data/*" {
        policy = "read"
        capabilities = ["update", "read", "read"]
        allowed_parameters = { "Foo" = ["a", 1] }
        required_parameters = ["Foo"]
        min_wrapping_ttl = "1m30s"
        max_wrapping_ttl = "1d"
        expiration = "2030-01-01T00:00:00+01:00"
        pagination_limit = "12"
      }`);
    expect(problems.map(({ refusedBy }) => refusedBy)).toEqual(['vault', 'vault']);
    expect(rules).toEqual([
      {
        path: 'secret/data/*',
        capabilities: ['read', 'update', 'list'],
        allowed_parameters: new Map([['foo', ['a', 1]]]),
        required_parameters: ['foo'],
        min_wrapping_ttl: 90,
        max_wrapping_ttl: 86_400,
        expiration: 1_893_452_400,
        pagination_limit: 12,
        line: 2,
        column: 12,
      },
    ]);
  });

  it('reads escapes and interpolations as the servers do', () => {
    const values = (text: string) =>
      parsePolicy(`path "p" { required_parameters = [${text}] }`).rules[0]?.required_parameters;
    expect(values('"\\x41\\102\\u00e9\\U0001F600\\t\\\\\\""')).toEqual(['abé😀\t\\"']);
    expect(values('"${a "b" \\n}"')).toEqual(['${a "b" \\n}']);
  });

  it('reports every mistake of a block at once', () => {
    const { problems } = parsePolicy(
      'path "a" {\n  capabilities = ["wrote", "raed"]\n  polices = "x"\n  policy = "none"\n}',
    );
    expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual(['3:3', '4:12', '2:19', '2:28']);
  });

  it('never takes a cut-off or glued-together JSON policy, though servers do', () => {
    const json = '{"path": {"a": {"capabilities": ["read"]}}}';
    expect(parsePolicy(json).problems).toEqual([]);
    expect(parsePolicy(json.slice(0, -1)).problems).toHaveLength(1);
    expect(parsePolicy(`${json}}`).problems).toHaveLength(1);
    expect(parsePolicy(json + json).problems).toHaveLength(1);
  });
});
