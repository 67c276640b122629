import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command, Word } from '../../src/command.ts';
import {
  assigned,
  call,
  exported,
  filePath,
  joined,
  jsonWord,
  kubectl,
  outputOf,
  unset,
  variable,
  vault,
  vaultbind,
  vaultWrite,
} from '../../src/model/commands.ts';
import { printed, shownFix } from '../../src/model/printed.ts';
import { replaceUnseen } from '../../src/model/unseen.ts';

/** Law: what is printed is read by a shell as exactly the words of the command, whatever is in them, or not printed. */
const shells = ['bash', 'dash'];

const run = (shell: string, script: string | undefined, env: Record<string, string> = {}) =>
  execFileSync(shell, ['-c', script ?? 'exit 9'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });

/** The words that a shell gives to a program. */
const words = (...given: Word[]): Command => call('printf', '%s\\0', ...given);
const split = (said: string) => said.split('\0').slice(0, -1);

const nasty = [
  ...[
    '',
    ' ',
    "'",
    '"',
    '\\',
    '\\\\',
    '$',
    '`',
    '!',
    '!!',
    '#',
    '~',
    '~root',
    '*',
    '?',
    '[a]',
    '{a,b}',
    '=',
    '=ls',
    '-',
    '--',
    '-x',
  ],
  ...[
    '$(touch x)',
    '`touch x`',
    "';touch x;'",
    '"$(touch x)"',
    '${IFS}',
    "$IFS'x'",
    "$'\\x41'",
    '&',
    '|',
    '<',
    '>',
    '(',
    ')',
  ],
  ...[
    'a=b',
    '@file',
    '%s',
    '%',
    '…',
    'ü',
    '日本',
    '👩',
    'é',
    'e\u0301',
    ';',
    ';;',
    '\u00a0',
    '\u3000',
    'EOF',
    'if',
    '!x',
    '^a^b',
  ],
];
const unseen = [
  '\n',
  '\t',
  '\r',
  '\0',
  '\u001b',
  '\u007f',
  '\u009b',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u200d',
  '\u2028',
  '\ud800',
  '\ufeff',
];

const seen = fc
  .oneof(
    fc.constantFrom(...nasty),
    fc.array(fc.constantFrom(...nasty, ...'abc'), { maxLength: 6 }).map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
  )
  .map((text) => replaceUnseen(text, () => '').replaceAll(/[\n\t\u200c\u200d]/g, ''));

describe.each(shells)('%s reads', (shell) => {
  it('each word as it is', () => {
    fc.assert(
      fc.property(fc.array(seen, { minLength: 1, maxLength: 30 }), (given) => {
        expect(split(run(shell, printed(words(...given))))).toEqual(given);
      }),
      { numRuns: 40 },
    );
  });

  it('flags, variables, pairs and what another command prints as they are', () => {
    fc.assert(
      fc.property(seen, seen, (text, held) => {
        const token = variable('SA_TOKEN');
        const [, ...flags] = vault('x', [], { a: text }).argv;
        const given = words(...flags, joined(text, token, text), outputOf(call('printf', '%s', text)));
        const said = split(run(shell, printed({ ...given, env: { A: text } }), { SA_TOKEN: held }));
        expect(said).toEqual(['x', `-a=${text}`, `${text}${held}${text}`, text]);
        const set: Command = { ...exported({ A: text }), and: call('printenv', 'A') };
        expect(run(shell, printed(set))).toBe(`${text}\n`);
        const kept = { ...assigned(token, call('printf', '%s', text)), and: words(token) };
        expect(split(run(shell, printed(kept)))).toEqual([text]);
      }),
      { numRuns: 25 },
    );
  });

  it('standard input as it is, of one line or many, with variables and without', () => {
    const lines = fc
      .array(fc.oneof(seen, fc.constantFrom('EOF', 'EOF_', 'E日', 'EO\u00a0', 'EOF_ü', 'a\tb')))
      .map((all) => all.join('\n'));
    fc.assert(
      fc.property(lines, seen, (text, held) => {
        const whole = text === '' ? '' : `${text.replace(/\n$/, '')}\n`;
        expect(run(shell, printed({ ...call('cat'), stdin: text }))).toBe(whole);
        const piped = { ...call('cat'), stdin: text, into: call('cat'), and: call('echo', 'end') };
        expect(run(shell, printed(piped))).toBe(`${whole}end\n`);
        const filled = { ...call('cat'), stdin: joined(text, variable('SA_TOKEN'), text) };
        expect(run(shell, printed(filled), { SA_TOKEN: held })).toBe(`${text}${held}${text}\n`);
        expect(run(shell, printed(words(outputOf({ ...call('cat'), stdin: `${text}.` }))))).toBe(`${text}.\0`);
      }),
      { numRuns: 40 },
    );
  });

  it('JSON on standard input as the values were', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(seen), (text, list) => {
        const stdin = jsonWord({
          [text]: text,
          list,
          jwt: joined(variable('SA_TOKEN')),
          map: { parts: [text], variable: text },
          a: 1,
          b: true,
        });
        const said = run(shell, printed({ ...call('cat'), stdin }), { SA_TOKEN: 'e30.e30.x-_' });
        expect(JSON.parse(said)).toEqual({
          [text]: text,
          list,
          jwt: 'e30.e30.x-_',
          map: { parts: [text], variable: text },
          a: 1,
          b: true,
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('a command', () => {
  it.each(unseen)('with %j in a word is not printed, and the way out says so', (mark) => {
    const command = vault('read', [`secret/data/a${mark}b`]);
    expect(printed(command)).toBeUndefined();
    expect(printed(exported({ A: mark }))).toBeUndefined();
    expect(printed({ ...call('x'), note: mark })).toBeUndefined();
    expect(shownFix({ why: 'look', command })).toEqual({ why: expect.stringMatching(/^look \(no command is shown/) });
  });

  it.each([
    [vault('policy write', ['-output-curl-string', 'FILE']), 'vault policy write -- -output-curl-string FILE'],
    [kubectl('delete clusterrolebinding', ['-x']), 'kubectl delete clusterrolebinding -- -x'],
    [kubectl('get', ['-x'], { output: 'yaml' }), 'kubectl get --output=yaml -- -x'],
    [vaultbind('apply', {}, '-x.json'), 'vaultbind apply -- -x.json'],
    [call('ls', '-l', filePath('-x')), 'ls -l ./-x'],
  ])('takes no name for an option: %#', (command, text) => expect(printed(command)).toBe(text));

  it.each([
    [vaultbind('apply', { f: ['a b.yaml', 'c;touch x;.yaml'] }), "vaultbind apply -f 'a b.yaml' -f 'c;touch x;.yaml'"],
    [exported({ VAULT_ADDR: "https://v;touch$IFS'x'" }), "export VAULT_ADDR='https://v;touch$IFS'\\''x'\\'''"],
    [unset('VAULT_NAMESPACE'), 'unset VAULT_NAMESPACE'],
    [{ ...vault('status'), env: { NO_PROXY: 'a.b' } }, 'NO_PROXY=a.b vault status'],
    [call('eval', outputOf(vaultbind('sandbox up'))), 'eval "$(vaultbind sandbox up)"'],
    [exported({ KUBECONFIG: joined(variable('HOME'), '/.kube/config') }), 'export KUBECONFIG="$HOME"/.kube/config'],
    [vaultWrite('auth/k/role/r', { audience: 'vault' }), 'vault write auth/k/role/r audience=vault'],
  ] satisfies [Command, string][])('is printed as one would type it: %#', (command, text) =>
    expect(printed(command)).toBe(text),
  );

  it.each(['@/etc/passwd', '-', '\\@x'])(
    'writes the value %j to Vault as JSON, since key=value would be read',
    (value) => {
      const { argv, stdin } = vaultWrite('auth/k/role/r', { audience: value });
      expect(argv).toEqual(['vault', 'write', 'auth/k/role/r', '-']);
      expect(JSON.parse(String(stdin))).toEqual({ audience: value });
    },
  );
});
