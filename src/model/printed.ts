import { AsyncLocalStorage } from 'node:async_hooks';
import { type Command, shell, type Word } from '../command.ts';
import { pair, shaping } from './commands.ts';
import { forThisRun, type GivenFlags } from './this-run.ts';
import { firstUnseen } from './unseen.ts';

/** The text of a command, quoted. */
export type Printed = string & { readonly quoted: unique symbol };

/** A way out as it is shown. */
export interface ShownFix {
  why: string;
  command?: Printed;
}

const run = new AsyncLocalStorage<GivenFlags>();

/**
 * All that `body` prints, now and later, is for the run with these flags. Whoever adds to `given` in time adds to all.
 * Sentences with a command in them are made everywhere, so no caller has to think of it.
 */
export const printingFor = <T>(given: GivenFlags, body: () => T): T => run.run(given, body);

/** For what is called from outside of the run, as by a signal. */
export const boundToRun = <A extends unknown[]>(body: (...given: A) => void): ((...given: A) => void) =>
  AsyncLocalStorage.bind(body);

export function shownFix({ why, command }: { why: string; command?: Command }): ShownFix {
  if (command === undefined) return { why };
  const text = printed(command);
  if (text !== undefined) return { why, command: text };
  return { why: `${why} (no command is shown: a name in it holds characters that cannot be seen)` };
}

/** A command within a sentence, for which there is always something to say. */
export const inWords = (command: Command, given?: GivenFlags): string =>
  printed(command, given) ?? '(a command with a name that cannot be seen)';

/**
 * The text to copy, which a POSIX shell reads as exactly these words. Undefined where a word holds what a terminal or a
 * web page does not show as it is (unseen.ts), or a line end or tab. Text for standard input may have these two.
 *
 * @param given what the command is completed by; by default what flags of this run said
 */
export function printed(command: Command, given = run.getStore() ?? {}): Printed | undefined {
  try {
    return text(forThisRun(command, given)) as Printed;
  } catch (error) {
    if (error instanceof Unseen) return undefined;
    throw error;
  }
}

class Unseen extends Error {}

function text({ env = {}, argv, stdin, into, note, and }: Command): string {
  const [program, ...words] = argv;
  const set = Object.entries(env).map(([name, value]) => shellWord(pair(name, value)));
  const first = typeof program === 'string' && program.includes('=') ? quoted(program) : shellWord(program);
  const line = [...set, first, ...words.map((word) => shellWord(word))].join(' ');
  const above = note === undefined ? '' : `# ${seen(note)}\n`;
  const next = `${into === undefined ? '' : ` | ${text(into)}`}${and === undefined ? '' : ` && ${text(and)}`}`;
  return `${above}${fed(line, stdin, next)}`;
}

/** The line with its standard input. A text of several lines is a heredoc, unless it must be expanded. */
function fed(line: string, stdin: Word | undefined, next: string): string {
  if (stdin === undefined) return `${line}${next}`;
  if (stdin === '') return `${line} </dev/null${next}`;
  if (typeof stdin !== 'string' || !stdin.includes('\n'))
    return `printf '%s\\n' ${shellWord(stdin, seenLines)} | ${line}${next}`;
  const whole = seenLines(stdin).replace(/\n$/, '');
  const lines = whole.split('\n');
  if (lines.some((line) => lostByDash.test(line)))
    return `printf '%s\\n' ${shellWord(whole, seenLines)} | ${line}${next}`;
  let end = 'EOF';
  while (lines.includes(end)) end = `${end}_`;
  return `${line} <<'${end}'${next}\n${lines.join('\n')}\n${end}`;
}

/** dash 0.5.12 reads a line ahead as far as it is the end of the heredoc, and garbles the wide character after it. */
const lostByDash = /^(E|EO|EOF_*)[^\t -~]/;

function shellWord(word: Word, check = seen): string {
  if (typeof word === 'string') return textWord(check(word));
  switch (word[shell]) {
    case 'variable':
      return `"$${word.name}"`;
    case 'output':
      return substituted(text(word.of));
    case 'held':
      return `<(printf '%s\\n' ${shellWord(word.text, seenLines)})`;
    case 'joined':
      return word.parts.map((part) => shellWord(part, check)).join('') || "''";
    case 'pair':
      if (!/^[A-Za-z_]\w*$/.test(word.name)) throw new Unseen();
      return `${word.name}=${word.value === '' ? '' : shellWord(word.value, check)}`;
  }
}

/** A heredoc ends with its line. */
const substituted = (command: string): string => `"$(${command}${command.includes('\n') ? '\n' : ''})"`;

/**
 * No shell finds anything in these characters; `=` at the start is zsh's. A report shows `***` for a password in a URL,
 * which must stand in quotes then.
 */
function textWord(word: string): string {
  return /^[\w@%+:,./…-][\w@%+=:,./…-]*$/.test(word) && !/:\/\/.*@/.test(word) ? word : quoted(word);
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

function seen(word: string): string {
  if (firstUnseen(word) || word.search(shaping) >= 0) throw new Unseen();
  return word;
}

function seenLines(word: string): string {
  seen(word.replaceAll(/[\n\t]/g, ''));
  return word;
}
