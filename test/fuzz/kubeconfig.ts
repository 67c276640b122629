import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { kubeconfigs, ourReading, theirReading } from '../kubernetes/client-go.ts';

/** The kubeconfigs of the table, and up to three lines of them changed in ways that part readers of YAML and of URLs. */
export function changedKubeconfigs(): fc.Arbitrary<Buffer> {
  const start = fc.constantFrom(...Object.values(kubeconfigs).map((bytes) => bytes.toString()));
  return fc
    .tuple(start, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([text, all]) => Buffer.from(all.reduce(changed, text)));
}

interface Change {
  kind: 'value' | 'insert' | 'add' | 'drop' | 'double' | 'indent';
  line: number;
  column: number;
  what: string;
}

const values = [
  ...[
    '~',
    'null',
    '""',
    "''",
    '1',
    '0x1F',
    '0o7',
    '1e3',
    '.inf',
    'true',
    'yes',
    'off',
    'y',
    '"a"',
    "'a'",
    'a b',
    'a#b',
  ],
  ...[
    '|\n      abc',
    '>-\n      abc\n      def',
    '!!str 1',
    '!!int 1',
    '!x a',
    '&a b',
    '*a',
    '[a]',
    '{a: b}',
    '2001-01-01',
  ],
  ...[
    '"a\\nb"',
    '"\\x41"',
    '"\\u00e9"',
    'é',
    '1:30',
    '1_000',
    '=',
    '<<',
    '012',
    '- a',
    '? a',
    '%a',
    '@a',
    '`a',
    '"\\/"',
  ],
  ...['https://10.0.0.2', 'https://10.0.0.2:', 'https://[::1]:6443', 'https://a_b.test', 'https://10.0.0.2/a/../b'],
  ...[
    'https://10.0.0.2#x',
    'https://a@b@c',
    'https://10.0.0.2:0',
    'https://10.0.0.2:65536',
    'https://0x7f.1',
    'HTTPS://A',
  ],
  ...[
    'https://a%2eb',
    'https://a..b',
    'https://-a',
    'https://a;b',
    'https://10.0.0.2//a',
    'http:/a',
    'https:///a',
    '//a',
  ],
];
const lines = [
  ...['---', '...', '# words', '', '\t', '  ', '%YAML 1.2', 'users:', 'users: []', 'users: ~', 'current-context: it'],
  ...['preferences: {}', 'extensions: []', 'kind: Config', 'apiVersion: v1', '? a\n: b', 'a: b', '<<: {kind: Config}'],
  ...['    as: me', '    as-groups: [a]', '    username: me', '    tls-server-name: x', '    proxy-url: http://a:1'],
  ...[
    '    insecure-skip-tls-verify: true',
    '    server: https://b',
    '    token: ""',
    '    tokenFile: ""',
    '    exec: ~',
  ],
  ...[
    '- name: it',
    '- name: other',
    '- {name: it}',
    '- name: ""',
    '    <<: *x',
    '    &x a: b',
    '  cluster: ~',
    '  user: ~',
  ],
];

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('value', 'value', 'insert', 'add', 'add', 'drop', 'double', 'indent'),
  line: fc.double({ min: 0, max: 1, noNaN: true }),
  column: fc.double({ min: 0, max: 1, noNaN: true }),
  what: fc.oneof(fc.constantFrom(...values), fc.constantFrom(...lines), fc.string({ maxLength: 4 })),
});

function changed(text: string, { kind, line, column, what }: Change): string {
  const all = text.split('\n');
  const at = Math.floor(line * (all.length - 1));
  const one = all[at] ?? '';
  const place = Math.round(column * one.length);
  const put = (...now: string[]) => all.toSpliced(at, 1, ...now).join('\n');
  switch (kind) {
    case 'value':
      return put(one.replace(/: .*|$/, `: ${what}`));
    case 'insert':
      return put(one.slice(0, place) + what + one.slice(place));
    case 'add':
      return put(one, what);
    case 'drop':
      return put();
    case 'double':
      return put(one, one);
    default:
      return put(column < 0.5 ? ` ${one}` : one.replace(/^ /, ''));
  }
}

/** Where the law does not hold: what we read is what client-go reads, or we refuse. */
export async function disagreements(
  kubeconfigs: readonly Buffer[],
  byClientGo: (inputs: readonly Buffer[]) => Promise<string[]>,
): Promise<{ accepted: number; wrong: string[] }> {
  const answers = await byClientGo(kubeconfigs);
  const wrong: string[] = [];
  let accepted = 0;
  for (const [index, bytes] of kubeconfigs.entries()) {
    const ours = await ourReading(bytes);
    if (ours === 'refused') continue;
    accepted += 1;
    const theirs = answers[index] ?? '';
    if (!isDeepStrictEqual(theirReading(theirs), ours))
      wrong.push(JSON.stringify({ text: bytes.toString(), ours, theirs }));
  }
  return { accepted, wrong };
}
