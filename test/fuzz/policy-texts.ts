import fc from 'fast-check';
import { clearRules } from '../../src/policy/reading/parse.ts';

/** Policies as people write them, and more oddly: comments anywhere, both forms, escapes, globs, templates. */

/** What may stand in a string of HCL, as it is written there. */
const piece = fc.oneof(
  { arbitrary: fc.constantFrom('a', 'ab', 'b', 'secret', 'data', 'sys', 'x1', 'A'), weight: 8 },
  { arbitrary: fc.constantFrom('+', '*', '+a', 'a+', '.', '-', '_', '~', ' ', 'é', 'ключ', '😀', '\u00a0'), weight: 4 },
  { arbitrary: fc.constantFrom('\\x61', '\\u00e9', '\\101', '\\t', '\\n', '\\\\', '\\"', '\\U0001F600'), weight: 2 },
  { arbitrary: fc.constantFrom('#', '//', '/*', '*/', '$', '{', '}', '$$', "'", '<<EOF', '=', ','), weight: 2 },
  { arbitrary: fc.constantFrom('${x}', '$${y}', '${ "a" }', '${a{b}c}', '\\x24{z}', '\\v'), weight: 1 },
  { arbitrary: fc.constantFrom('{{identity.entity.id}}', '{{ identity.entity.name }}', '{{', '}}'), weight: 1 },
);
const pieces = fc.array(piece, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(''));
const path = fc
  .tuple(
    fc.constantFrom('', '', '', '/'),
    fc.array(fc.oneof(fc.constantFrom('a', 'b', 'ab', 'secret', 'data', 'sys', '+'), pieces), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.constantFrom('', '', '*', '/*', '/'),
  )
  .map(([front, segments, end]) => `${front}${segments.join('/')}${end}`);

const common = ['create', 'read', 'update', 'patch', 'delete', 'list', 'sudo', 'deny'];
const capability = fc.oneof(
  { arbitrary: fc.constantFrom(...common), weight: 30 },
  { arbitrary: fc.constantFrom('scan', 'subscribe', 'recover', 'READ', '\\x72ead'), weight: 1 },
);
const gap = fc.oneof(
  { arbitrary: fc.constantFrom(' ', '\n', '\t', ' \n  '), weight: 12 },
  { arbitrary: fc.constantFrom('\r\n', ' # x\n', ' // "y" {\n', '/* } */', ' #\n', '/**/', '/* * / */'), weight: 3 },
);
const value: fc.Arbitrary<string> = fc.oneof(
  pieces.map((text) => `"${text}"`),
  fc.constantFrom('1', '-5', '0x1f', '017', '0', 'true', 'false', '2', '10', '0x0', '-1', '3', '4', '1.5', '08'),
);
const list = fc.array(value, { maxLength: 3 }).map((values) => `[${values.join(', ')}]`);
const map = fc
  .array(fc.tuple(fc.constantFrom('a', '"b c"', 'Foo', '"*"', '"é"'), list), { maxLength: 2 })
  .map((entries) => `{ ${entries.map(([key, values]) => `${key} = ${values}`).join(', ')} }`);

const capabilities = fc
  .tuple(fc.array(capability, { maxLength: 3 }), fc.constantFrom('', ',', ',,'))
  .map(([words, end]) => `capabilities = [${words.map((word) => `"${word}"`).join(', ')}${end}]`);
const field = fc.oneof(
  { arbitrary: capabilities, weight: 12 },
  { arbitrary: fc.constantFrom('read', 'write', 'sudo', 'deny', '').map((word) => `policy = "${word}"`), weight: 3 },
  { arbitrary: pieces.map((text) => `comment = "${text}"`), weight: 2 },
  { arbitrary: map.map((text) => `allowed_parameters = ${text}`), weight: 1 },
  { arbitrary: map.map((text) => `denied_parameters ${text}`), weight: 1 },
  { arbitrary: list.map((text) => `required_parameters = ${text}`), weight: 1 },
  {
    arbitrary: fc.constantFrom('1', '"90s"', '"1h"', '"2d"', '""').map((one) => `min_wrapping_ttl = ${one}`),
    weight: 1,
  },
  { arbitrary: fc.constantFrom('1', '"90s"', '7200').map((one) => `max_wrapping_ttl = ${one}`), weight: 1 },
  {
    arbitrary: fc.constantFrom('mfa_methods = ["m"]', 'control_group = { factor "x" { identity { approvals = 1 } } }'),
    weight: 1,
  },
  {
    arbitrary: fc.constantFrom(
      ...['expiration = "2099-01-01T00:00:00Z"', 'expiration = 1', 'pagination_limit = 10', 'capabilities {}'],
      ...['subscribe_event_types = ["*"]', 'nothing = 1', 'capabilities = "read"'],
    ),
    weight: 1,
  },
);
const named = path.map((text) => `"${text}"`);
const label = fc.oneof(
  { arbitrary: named, weight: 12 },
  { arbitrary: fc.constantFrom('secret', 'a.b-c', '', '"a" "b"'), weight: 1 },
);
/** One attribute twice in a block is what Vault refuses. */
const distinct = fc.uniqueArray(fc.tuple(field, gap), {
  maxLength: 3,
  selector: ([text]) => text.split(' ', 1)[0],
});
const block = fc
  .tuple(
    label,
    fc.oneof(
      { arbitrary: distinct, weight: 9 },
      { arbitrary: fc.array(fc.tuple(field, gap), { maxLength: 3 }), weight: 1 },
    ),
    gap,
    fc.constantFrom('path', '"path"'),
    fc.constantFrom('', ','),
  )
  .map(([name, fields, space, key, comma]) => {
    const inner = fields.map(([text, after]) => `${text}${comma}${after}`).join('');
    return `${key}${space}${name}${space}{${space}${inner}}`;
  });
const top = fc.oneof(
  { arbitrary: block, weight: 20 },
  { arbitrary: fc.constantFrom('name = "x"', '# nothing', 'name = 5'), weight: 1 },
);

const hcl = fc
  .array(fc.tuple(top, gap), { minLength: 1, maxLength: 4 })
  .map((blocks) => blocks.map(([text, after]) => `${text}\n${after}`).join(''));

/** The JSON form; strings also with the escapes that only JSON writes so. */
const jsonText = fc.constantFrom(
  'a',
  'a/b',
  'a/*',
  '+/b',
  'secret/data/a',
  '/x',
  'é',
  '\\u0061',
  'a\\/b',
  '\\ud83d\\ude00',
  'sys/*',
);
const jsonBlock = fc
  .tuple(
    fc.array(fc.constantFrom(...common), { maxLength: 3 }),
    fc.constantFrom(
      '',
      ', "policy": "read"',
      ', "min_wrapping_ttl": null',
      ', "allowed_parameters": {"x": ["y", true, 1]}',
    ),
  )
  .map(([words, more]) => `{"capabilities": ${JSON.stringify(words)}${more}}`);
const entry = fc.tuple(jsonText, jsonBlock).map(([key, body]) => `"${key}": ${body}`);
const entries = fc.array(entry, { maxLength: 3 });
const json = fc.oneof(
  entries.map((all) => `{"path": {${all.join(', ')}}}`),
  entries.map((all) => ` {"path": [${all.map((one) => `{${one}}`).join(', ')}]}`),
  fc.tuple(entries, entries).map(([one, other]) => `{"path": {${one.join(', ')}}, "path": {${other.join(', ')}}}\n`),
);

export const randomPolicy: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: hcl, weight: 6 },
  { arbitrary: json, weight: 1 },
);

/** What an attacker writes to be read in two ways; it names sys/*, so that a rule we do not see gives itself away. */
const evil = 'path "sys/*" { capabilities = ["create", "read", "sudo"] }';
const splice = fc.constantFrom(
  ...[
    '<<EOF\n',
    '<<-EOF\n',
    'EOF\n',
    '\nEOF\n',
    '\n  EOF\n',
    '<<E\nE\n',
    ' = <<-E\n E\n',
    'comment = <<EOF\nEOF\n',
    '<<',
  ],
  ...['\r', '\r\n', '\r\r\n', '\n\r', '\u0000', '\u0001', '\u0008', '\u000b', '\u000c', '\u001b', '\u007f', '\u0085'],
  ...['\u00a0', '\u2028', '\u2029', '\ufeff', '\ufffd', '\ue123', '\ud800', '\udc00', '\u{10ffff}', '\uffff', '\u200b'],
  ...['/*', '*/', '/*/', '#', '//', '/', '*', '"', '""', "'", '\\', '\\"', '\\\n', '\\x', '\\x00', '\\xff', '\\ufffd'],
  ...[
    '\\U00110000',
    '\\777',
    '\\400',
    '\\u000a',
    '\\ud800',
    '${',
    '$${',
    '${"',
    '"}',
    '{',
    '}',
    '{{',
    '}}',
    '${}',
    '$',
  ],
  ...['[', ']', ',', ',,', '=', ':', ' = ', '\n', ' ', 'true', 'null', '0x', '1e5', '.5', '-', '08', '1_0', 'é', 'ǅ'],
  ...[evil, `\n${evil}\n`, `*/ ${evil} /*`, `" { } ${evil} path "`, `\n}\n${evil}\n`, '"sys/*"', 'sys/*', 'name = "x"'],
  ...['path', 'path "x"', 'capabilities = ["read"]', '"capabilities": ["read"]', '{"path": ', '}}', '[[', '"a": {'],
);
const edit = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.nat({ max: 6 }),
  splice,
  fc.constantFrom('put', 'put', 'put', 'cut', 'copy'),
);

/** Made odd by few edits, so that many stay clear; from what is odd before nothing clear would come. */
const clearPolicy = randomPolicy.filter((text) => clearRules(text) !== undefined);

export const adversarialPolicy: fc.Arbitrary<string> = fc
  .tuple(clearPolicy, fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([text, edits]) =>
    edits.reduce((held, [where, length, put, how]) => {
      const at = Math.floor(where * held.length);
      if (how === 'cut') return held.slice(0, at) + held.slice(at + 1 + length);
      if (how === 'copy') return held.slice(0, at) + held.slice(Math.max(0, at - length * 5));
      return held.slice(0, at) + put + held.slice(at);
    }, text),
  )
  .filter((text) => text !== '');
