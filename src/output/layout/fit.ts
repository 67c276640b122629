import { stripVTControlCharacters } from 'node:util';
import type { Style } from './paint.ts';
import { wordWrapped } from './wrap.ts';

/**
 * A text as it fits a terminal: lines are broken between words and go on under where their text began. Without a
 * terminal, and what is there to be copied, stays as it is.
 *
 * @param commands what is to be copied; each may have several lines
 */
export function fitted(text: string, { wraps, width }: Style, commands: (string | undefined)[]): string {
  if (!wraps) return text;
  const whole = new Set(commands.flatMap((one) => one?.split('\n') ?? []).map((line) => line.trim()));
  return text
    .split('\n')
    .map((line) => {
      const bare = stripVTControlCharacters(line);
      return bare.length <= width || whole.has(bare.trim()) ? line : broken(line, columnsOf(bare, width), width);
    })
    .join('\n');
}

/** Signs of paint.ts, and what fixes begin with. */
const mark = /^(?:[^\w\s"'(]|ok|x) |^fix: /;
/** Name and value of a field. */
const field = /^\s{6,}\S+ {2,}(?=\S)/;

/** Columns before the text that a line is about, and before what goes on under it. */
function columnsOf(bare: string, width: number): [first: number, rest: number] {
  const most = Math.floor(width / 2);
  const named = field.exec(bare)?.[0].length ?? 0;
  if (named > 0 && named <= most) return [named, named];
  const text = bare.trimStart();
  const indent = bare.length - text.length;
  const first = indent + (mark.exec(text)?.[0].length ?? 0);
  if (first > most) return [Math.min(indent, most), Math.min(indent, most)];
  return [first, first === indent ? first + 2 : first];
}

function broken(line: string, [first, rest]: [number, number], width: number): string {
  const [head = ''] = new RegExp(`^(?:(?:\u001b\\[[0-9;]*m)*[^\u001b]){${first}}`).exec(line) ?? [];
  const body = line.slice(head.length).replace(command, (found) => found.replaceAll(' ', glue));
  return wordWrapped(body, width, head, ' '.repeat(rest)).replaceAll(glue, ' ');
}

/** Stands for a blank that no line is broken at: in no text that was made plain. */
const glue = '\ufdd0';

/** A command in the middle of a sentence, which is copied from there: its program and what it does, flags and names. */
const command =
  /\b(?:vaultbind (?:init|validate|plan|apply|step|verify|doctor|explain|permissions|sandbox|schema|help)|vault (?:auth|kv|list|login|operator|policy|read|secrets|status|token|write)(?: (?:capabilities|enable|get|init|list|lookup|put|read|tune|unseal|write))?|kubectl [a-z-]+|curl)(?: (?:--?[\w-]+(?:[= ][^\s,;)`]+)?|[^\s,;)`]*[/=:.@"'$<][^\s,;)`]*|[A-Z][A-Z_-]+))*/g;
