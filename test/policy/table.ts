/** Policies with what each server says of them; the same table is read by our parser and written to real servers. */
export interface TableRow {
  title: string;
  text: string;
  /** Who refuses it; absent: nobody. */
  refusedBy?: 'both' | 'vault' | 'openbao';
  /** `line:column` of our first problem. */
  at?: string;
}

const read = 'capabilities = ["read"]';

export const table: TableRow[] = [
  { title: 'one block', text: `path "secret/data/a" {\n  ${read}\n}\n` },
  { title: 'comments of every kind', text: `# a\n// b\n/* c\n d */ path "a" { # e\n ${read} // f\n /* g */ }` },
  {
    title: 'a comment between tokens',
    text: `path /* x */ "a" /* y */ { capabilities /* z */ = /* u */ [ /* v */ "read" ] }`,
  },
  { title: 'only a comment', text: '# nothing yet\n' },
  { title: 'windows line ends', text: `path "a" {\r\n  ${read}\r\n}\r\n` },
  { title: 'tabs and one line', text: `path\t"a"\t{capabilities=["read","list",]}path "b"{}` },
  { title: 'trailing and doubled commas', text: 'path "a" { capabilities = [, "read",, "list",] }' },
  { title: 'commas between attributes', text: 'path "a" { capabilities = ["read"], min_wrapping_ttl = 1, }' },
  { title: 'quoted keys', text: '"path" "a" { "capabilities" = ["read"] }' },
  { title: 'a path without quotes', text: 'path secret { capabilities = ["read"] }' },
  { title: 'a path block without a path', text: 'path { capabilities = ["read"] }' },
  { title: 'a path assigned', text: 'path = { capabilities = ["read"] }' },
  { title: 'two labels', text: 'path "a" "b" { capabilities = ["read"] }' },
  { title: 'no capability', text: 'path "a" { capabilities = [] }' },
  { title: 'a name on top', text: `name = "x"\npath "a" { ${read} }` },
  {
    title: 'legacy policy words',
    text: ['deny', 'read', 'write', 'sudo'].map((w) => `path "${w}" { policy = "${w}" }`).join('\n'),
  },
  { title: 'legacy policy and capabilities', text: `path "a" { policy = "read" ${read} }` },
  {
    title: 'all common capabilities',
    text: 'path "a" { capabilities = ["create","read","update","patch","delete","list","sudo"] }',
  },
  { title: 'deny among others', text: 'path "a" { capabilities = ["read", "deny"] }' },
  { title: 'a slash in front', text: `path "/secret/*" { ${read} }` },
  {
    title: 'globs and segments',
    text: `path "a/+/b" { ${read} } path "+" { ${read} } path "a/+/*" { ${read} } path "a*" { ${read} }`,
  },
  { title: 'the same path twice', text: `path "a" { ${read} } path "a" { capabilities = ["list"] }` },
  { title: 'a template', text: `path "secret/{{ identity.entity.id }}/*" { ${read} }` },
  { title: 'string escapes', text: `path "a\\"b\\\\c\\t\\x41\\101\\u00e9\\U0001F600" { ${read} }` },
  { title: 'an interpolation', text: 'path "secret/${ "x" }" { capabilities = ["read"] }' },
  { title: 'unicode', text: `path "sécret/ключ" { ${read} }` },
  { title: 'a heredoc', text: 'path "a" { comment = <<EOF\nread "this"\nEOF\n capabilities = ["read"] }' },
  {
    title: 'an indented heredoc',
    text: 'path "a" {\n comment = <<-TEXT\n   one\n    two\n   TEXT\n capabilities = ["read"]\n}',
  },
  {
    title: 'parameters',
    text: `path "a" {\n ${read}\n allowed_parameters = { "foo" = ["a", 1, 1.5, true], bar = [], "*" = [] }\n denied_parameters = { "x" = ["*"] }\n required_parameters = ["foo"]\n}`,
  },
  {
    title: 'parameters as a block',
    text: `path "a" { ${read} allowed_parameters { foo = ["a"] } allowed_parameters { bar = [] } }`,
  },
  { title: 'wrapping times', text: `path "a" { ${read} min_wrapping_ttl = "1s" max_wrapping_ttl = "1h30m" }` },
  { title: 'wrapping times as numbers', text: `path "a" { ${read} min_wrapping_ttl = 0x10 max_wrapping_ttl = 90.5 }` },
  { title: 'wrapping times in days', text: `path "a" { ${read} max_wrapping_ttl = "2d" }` },
  { title: 'mfa methods', text: `path "a" { ${read} mfa_methods = ["m"] }` },
  { title: 'a number as a string', text: 'name = 5' },
  { title: 'JSON', text: '{"path": {"a": {"capabilities": ["read"]}, "b": {"policy": "write"}}}' },
  {
    title: 'JSON with lists of blocks',
    text: '{"path": [{"a": {"capabilities": ["read"]}}, {"a": {"capabilities": ["list"]}}]}',
  },
  {
    title: 'JSON with the same key twice',
    text: '{"path": {"a": {"capabilities": ["read"]}}, "path": {"b": {"capabilities": ["read"]}}}',
  },
  {
    title: 'JSON with parameters',
    text: '  {"path": {"a": {"capabilities": ["read"], "allowed_parameters": {"x": ["y"], "z": []}}}}',
  },
  { title: 'JSON with null', text: '{"path": {"a": {"capabilities": ["read"], "min_wrapping_ttl": null}}}' },
  { title: 'an empty JSON object', text: '{}' },

  { title: 'an empty policy', text: '', refusedBy: 'both', at: '1:1' },
  { title: 'an unclosed block', text: 'path "a" {\n  capabilities = ["read"]\n', refusedBy: 'both', at: '3:1' },
  { title: 'a brace too many', text: `path "a" { ${read} }\n}`, refusedBy: 'both', at: '2:1' },
  { title: 'an unclosed string', text: 'path "a {\n', refusedBy: 'both', at: '1:6' },
  { title: 'an unclosed comment', text: '\n /* path', refusedBy: 'both', at: '2:2' },
  {
    title: 'an indented heredoc that ends without indentation',
    text: 'path "a" { comment = <<-EOF\n x\nEOF\n }',
    refusedBy: 'both',
    at: '1:22',
  },
  { title: 'a null character', text: `# \u0000\npath "a" { ${read} }`, refusedBy: 'both', at: '1:3' },
  {
    title: 'a broken character in an interpolation',
    text: `path "${'${'}\ufffd}" { ${read} }`,
    refusedBy: 'both',
    at: '1:9',
  },
  { title: 'an unclosed heredoc', text: 'path "a" { comment = <<EOF\n x\n', refusedBy: 'both', at: '1:22' },
  { title: 'a heredoc without a name', text: 'path "a" { comment = <<\n x\n', refusedBy: 'both', at: '1:22' },
  { title: 'an unknown escape', text: 'path "a\\q" {}', refusedBy: 'both', at: '1:8' },
  { title: 'single quotes', text: "path 'a' {}", refusedBy: 'both', at: '1:6' },
  { title: 'a colon', text: 'path "a" { capabilities: ["read"] }', refusedBy: 'both', at: '1:24' },
  { title: 'a word as value', text: 'path "a" { policy = read }', refusedBy: 'both', at: '1:21' },
  { title: 'a missing comma', text: 'path "a" { capabilities = ["read" "list"] }', refusedBy: 'both', at: '1:35' },
  {
    title: 'labels with an equals sign',
    text: 'path "a" = { capabilities = ["read"] }',
    refusedBy: 'both',
    at: '1:10',
  },
  { title: 'a key without value', text: 'path "a" { capabilities }', refusedBy: 'both', at: '1:25' },
  { title: 'an unknown key on top', text: 'paths "a" {}', refusedBy: 'both', at: '1:1' },
  { title: 'an upper-case key on top', text: 'Path "a" {}', refusedBy: 'both', at: '1:1' },
  { title: 'an unknown key in a block', text: 'path "a" {\n  capability = ["read"]\n}', refusedBy: 'both', at: '2:3' },
  {
    title: 'an unknown capability',
    text: 'path "a" {\n  capabilities = ["read",\n    "write"]\n}',
    refusedBy: 'both',
    at: '3:5',
  },
  { title: 'an upper-case capability', text: 'path "a" { capabilities = ["READ"] }', refusedBy: 'both', at: '1:28' },
  { title: 'an unknown legacy word', text: 'path "a" { policy = "root" }', refusedBy: 'both', at: '1:21' },
  {
    title: 'a capability instead of a list',
    text: 'path "a" { capabilities = "read" }',
    refusedBy: 'both',
    at: '1:27',
  },
  { title: 'a path that is a string', text: 'path = "a"', refusedBy: 'both', at: '1:8' },
  { title: 'a name that is a list', text: 'name = ["x"]', refusedBy: 'both', at: '1:1' },
  { title: 'plus and star', text: `path "a/+*" { ${read} }`, refusedBy: 'both', at: '1:6' },
  { title: 'an open template', text: `path "a/{{x" { ${read} }`, refusedBy: 'both', at: '1:6' },
  { title: 'a closed template only', text: `path "a/x}}" { ${read} }`, refusedBy: 'both', at: '1:6' },
  {
    title: 'wrapping times crossed',
    text: `path "a" { ${read} min_wrapping_ttl = "2h" max_wrapping_ttl = "1h" }`,
    refusedBy: 'both',
    at: '1:6',
  },
  {
    title: 'a wrapping time that is none',
    text: `path "a" { ${read} min_wrapping_ttl = "soon" }`,
    refusedBy: 'both',
    at: '1:55',
  },
  {
    title: 'a wrapping time that is true',
    text: `path "a" { ${read} min_wrapping_ttl = true }`,
    refusedBy: 'both',
    at: '1:55',
  },
  {
    title: 'parameters as a list',
    text: `path "a" { ${read} allowed_parameters = ["x"] }`,
    refusedBy: 'both',
    at: '1:57',
  },
  {
    title: 'a parameter with one value',
    text: `path "a" { ${read} allowed_parameters = { x = "y" } }`,
    refusedBy: 'both',
    at: '1:63',
  },
  {
    title: 'required parameters as a string',
    text: `path "a" { ${read} required_parameters = "x" }`,
    refusedBy: 'both',
    at: '1:58',
  },
  { title: 'JSON with a word', text: '{"path": {"a": {"capabilities": [read]}}}', refusedBy: 'both', at: '1:34' },
  {
    title: 'JSON with an unknown key',
    text: '{"paths": {"a": {"capabilities": ["read"]}}}',
    refusedBy: 'both',
    at: '1:2',
  },
  { title: 'JSON with a comment', text: '{\n # x\n}', refusedBy: 'both', at: '2:2' },
  // With nothing but an object inside, the servers take `x` for a second label and look at its fields.
  {
    title: 'JSON with parameters alone',
    text: '{"path": {"a": {"allowed_parameters": {"x": []}}}}',
    refusedBy: 'both',
    at: '1:40',
  },

  {
    title: 'an attribute twice',
    text: `path "a" {\n  ${read}\n  capabilities = ["list"]\n}`,
    refusedBy: 'vault',
    at: '3:3',
  },
  { title: 'scan', text: 'path "a" { capabilities = ["scan"] }', refusedBy: 'vault', at: '1:28' },
  {
    title: 'expiration',
    text: `path "a" { ${read} expiration = "2099-01-01T00:00:00Z" }`,
    refusedBy: 'vault',
    at: '1:36',
  },
  { title: 'pagination_limit', text: `path "a" { ${read} pagination_limit = 10 }`, refusedBy: 'vault', at: '1:36' },
  {
    title: 'list_scan_response_keys_filter_path',
    text: 'path "a" { capabilities = ["list"] list_scan_response_keys_filter_path = "a/{{ .key }}" }',
    refusedBy: 'vault',
    at: '1:36',
  },
  {
    title: 'expiration that is no time',
    text: `path "a" { ${read} expiration = "tomorrow" }`,
    refusedBy: 'both',
    at: '1:36',
  },
  { title: 'subscribe', text: 'path "a" { capabilities = ["subscribe"] }', refusedBy: 'openbao', at: '1:28' },
  {
    title: 'subscribe_event_types',
    text: `path "a" { ${read} subscribe_event_types = ["*"] }`,
    refusedBy: 'openbao',
    at: '1:36',
  },
];
