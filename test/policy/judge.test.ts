import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samePolicy } from '../../src/policy/compare.ts';
import { JudgedPolicy } from '../../src/policy/judge.ts';
import { filled } from '../../src/policy/placeholder.ts';
import { parsePolicy } from '../../src/policy/reading/parse.ts';
import { accessorAnchor, heredocThatHides } from './attacks.ts';
import { table } from './table.ts';

/**
 * Law: what is judged is what is sent. What cannot be read with certainty as both servers read it is not clear: nothing
 * is said of it, it equals its own text alone, and no print of it leaves.
 */
const read = 'capabilities = ["read"]';
const unclear: [what: string, text: string, at: string][] = [
  ['a heredoc', 'path "a" { comment = <<EOF\nread "this"\nEOF\n capabilities = ["read"] }', '1:22'],
  ['an indented heredoc', `path "a" {\n comment = <<-EOF\n one\n EOF\n ${read}\n}`, '2:12'],
  ['a heredoc that hides a rule', heredocThatHides('secret/data/shop/x'), '3:13'],
  ['a heredoc that ends at the accessor', accessorAnchor('auth_kubernetes_4dba188f'), '3:13'],
  ['a carriage return within a line', `path "a" { ${read} # x\r path "sys/*" {}\n}`, '1:39'],
  ['a carriage return that a line end hides', `path "a" { # x\r\r\n ${read} }`, '1:15'],
  ['an escape character', `# \u001b\npath "a" { ${read} }`, '1:3'],
  ['a delete character', `path "a\u007f" { ${read} }`, '1:8'],
  ['a byte order mark', `\ufeffpath "a" { ${read} }`, '1:1'],
  ['what HCL keeps for itself', `# \ue123\npath "a" { ${read} }`, '1:3'],
  ['half a character', `path "a\ud800" { ${read} }`, '1:8'],
  ['an escaped byte that is no text', `path "a\\xff" { ${read} }`, '1:6'],
  ['an escaped null', `path "a\\x00" { ${read} }`, '1:6'],
  ['letters beyond ASCII without quotes', `path "a" { ${read} é = 1 }`, '1:36'],
  ['a control group', `path "a" { ${read} control_group = { ttl = 1 } }`, '1:52'],
  ['a filter path', `path "a" { ${read} list_scan_response_keys_filter_path = "{{" }`, '1:74'],
  ['a float', `path "a" { ${read} max_wrapping_ttl = 90.5 }`, '1:55'],
  ['a number that is rounded', `path "a" { ${read} allowed_parameters = { x = [9007199254740993] } }`, '1:64'],
  ['an attribute twice', `path "a" {\n  ${read}\n  capabilities = ["list"]\n}`, '3:3'],
  ['lists in lists', `path "a" { allowed_parameters = { x = ${'['.repeat(90)} } }`, '1:101'],
  ['many labels', `path "a" { allowed_parameters ${'x '.repeat(70)} {} }`, '1:159'],
];

describe('a policy that is not clear', () => {
  it.each(unclear)('%s: has a place and a reason, and no rules', (_what, text, at) => {
    const { unclear: found, rules } = parsePolicy(text);
    expect(`${found?.line}:${found?.column} ${found?.message}`).toMatch(new RegExp(`^${at} .{10}`));
    expect(rules).toEqual([]);
  });

  it.each(unclear)('%s: equals its own text alone, and is never printed', (_what, text) => {
    expect(samePolicy(text, text)).toBe(true);
    expect(samePolicy(text, `${text} `)).toBe(false);
    expect(samePolicy(text, 'path "secret/data/shop/x" { capabilities = ["read"] }')).toBe(false);
    expect(JudgedPolicy.of(text).printed()).toBeUndefined();
  });

  it('is not what a server refuses for certain', () => {
    for (const text of ['path "a" { comment = <<-EOF\n x\nEOF\n }', 'path "a\u0000" {}', 'path "${\ufffd}" {}']) {
      const { problems, unclear: found } = parsePolicy(text);
      expect([found, problems.map(({ refusedBy }) => refusedBy)]).toEqual([undefined, ['both']]);
    }
  });
});

describe('the print of a policy', () => {
  const clear = table.filter(({ text, refusedBy }) => !refusedBy && !parsePolicy(text).unclear);

  it.each(clear.map(({ title, text }) => [title, text]))('%s: says the same, and prints the same again', (_t, text) => {
    const printed = JudgedPolicy.of(text).printed();
    expect(samePolicy(printed?.text ?? '', text)).toBe(true);
    expect(printed?.printed()?.text).toBe(printed?.text);
  });

  it.each(table.filter(({ refusedBy }) => refusedBy).map(({ title, text }) => [title, text]))(
    '%s: there is none, since a server refuses it',
    (_t, text) => expect(JudgedPolicy.of(text).printed()).toBeUndefined(),
  );
});

describe('the accessor of the mount', () => {
  const accessor = 'auth_kubernetes_4dba188f';

  it('is put into strings of both forms, and into nothing else', () => {
    const hcl = JudgedPolicy.of(
      `# \${accessor}\npath "a/\${accessor}/{{identity.entity.aliases.\${accessor}.name}}" { ${read} }`,
    );
    expect(hcl.sent(accessor)).toBe(
      `# \${accessor}\npath "a/${accessor}/{{identity.entity.aliases.${accessor}.name}}" { ${read} }`,
    );
    const json = JudgedPolicy.of(`{"path": {"a/\${accessor}": {"capabilities": ["read"]}}}`);
    expect(json.sent(accessor)).toBe(`{"path": {"a/${accessor}": {"capabilities": ["read"]}}}`);
  });

  it('is not needed where the placeholder stands in a comment alone', () => {
    const policy = JudgedPolicy.of(`# \${accessor}\npath "a" { ${read} }`);
    expect([policy.needsAccessor, policy.sent()]).toEqual([false, policy.text]);
  });

  it('is never sent when it could say more than a name', () => {
    const policy = JudgedPolicy.of(`path "a/\${accessor}" { ${read} }`);
    for (const odd of ['a" {} path "sys/*', 'a\\', '', 'a/b', '+', undefined]) expect(policy.sent(odd)).toBeUndefined();
  });

  it('is the same policy with another name in it, whatever stands around', () => {
    const piece = fc.constantFrom(
      '${accessor}',
      '$',
      '{',
      '}',
      '\\\\',
      '\\"',
      '\\x24',
      'a',
      '{{',
      '}}',
      ' ',
      '#',
      '/*',
    );
    const path = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(path, path, (one, other) => {
        const policy = JudgedPolicy.of(`path "a/${one}" { ${read} }\n# ${other}\npath "b/${other}" { ${read} }`);
        const sent = policy.sent(accessor);
        if (sent === undefined || policy.unclear || policy.problems.length > 0) return;
        const paths = (text: string) => parsePolicy(text).rules.map((rule) => rule.path);
        const wanted = policy.needsAccessor
          ? paths(policy.text).map((one) => one.replaceAll('${accessor}', accessor))
          : paths(policy.text);
        expect(paths(sent)).toEqual(wanted);
        const printed = policy.printed();
        if (printed) expect(samePolicy(printed.sent(accessor) ?? '', sent)).toBe(true);
      }),
      { numRuns: 800 },
    );
  });

  it('leaves a text without the placeholder as it is, line ends too', () => {
    const text = `path "a" {\r\n  ${read}\r\n}\r\n`;
    expect([filled(text, accessor), JudgedPolicy.of(text).sent(accessor)]).toEqual([text, text]);
  });
});
