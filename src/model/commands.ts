/**
 * Commands that people copy into a shell, as values. Names in them come from recipes and servers, so:
 * a command is words, never text; `printed` (printed.ts) is the only place that quotes, and quotes every word; what a shell shall
 * expand is a value of its own type. What cannot be seen in a word is not printed at all.
 */

import {
  type Command,
  type Held,
  type Joined,
  type Output,
  type Pair,
  type Part,
  shell,
  type Variable,
  type Word,
} from '../command.ts';
import { escaped, replaceUnseen } from './unseen.ts';

/** Values of flags: true for a bare one, several for one that is repeated. */
export type Flags = Record<string, Word | true | undefined | readonly Word[]>;

/** Beside what nobody sees: what is of use in a sentence, and in a command could be of two. */
export const shaping = /[\n\t]|\u200c|\u200d/gu;

export const variable = (name: Variable['name']): Variable => ({ [shell]: 'variable', name });

export const outputOf = (of: Command): Output => ({ [shell]: 'output', of });

export const holding = (text: Word): Held => ({ [shell]: 'held', text });

export const joined = (...parts: Part[]): Joined => ({ [shell]: 'joined', parts: together(parts) });

export const pair = (name: string, value: Word): Pair => ({ [shell]: 'pair', name, value });

/** Our own, e.g. `vaultbind('step bind-role', { f: recipe.files })`. */
export function vaultbind(what: string, flags: Flags = {}, ...named: Word[]): Command {
  return { argv: ['vaultbind', ...what.split(' '), ...ourFlags(flags), ...guarded(named)] };
}

/** Flags of ours and their values, as words of their own: ours take any word that follows. */
export function ourFlags(flags: Flags): Word[] {
  return flagWords(flags, (name, value) => (name.length === 1 ? [`-${name}`, value] : [`--${name}`, value]));
}

/** Vault's, which OpenBao's `bao` understands too; its flags come first. */
export function vault(what: string, named: Word[] = [], flags: Flags = {}): Command {
  const said = flagWords(flags, (name, value) => [equated(`-${name}=`, value)]);
  return { argv: ['vault', ...what.split(' '), ...said, ...guarded(named)] };
}

export function kubectl(what: string, named: Word[] = [], flags: Flags = {}): Command {
  const said = flagWords(flags, (name, value) =>
    name.length === 1 ? [`-${name}`, value] : [equated(`--${name}=`, value)],
  );
  const words = guarded(named);
  return { argv: ['kubectl', ...what.split(' '), ...(words[0] === '--' ? [...said, ...words] : [...words, ...said])] };
}

/**
 * Writes values to a path of Vault. One that `key=value` would read as something else than itself, as `@file` or `-`,
 * goes as JSON.
 */
export function vaultWrite(path: string, values: Record<string, string>): Command {
  if (Object.values(values).some((value) => /^(\\?@|-$)/.test(value))) return vaultWriteJson(path, values);
  return vault('write', [path, ...Object.entries(values).map(([name, value]) => pair(name, value))]);
}

/** The same with anything in it, as JSON on standard input, where no value means a file or another command. */
export function vaultWriteJson(path: string, values: Values, flags: Flags = {}): Command {
  return { ...vault('write', [path, '-'], flags), stdin: jsonWord(values) };
}

/** Of JSON. What a shell puts in (`joined`) is text there, and must need no escape in it, as a JWT. */
type Values = Record<string, unknown>;

/** A JSON object, one field a line. All that cannot be seen is escaped in it. */
export function jsonWord(values: Values): Joined | string {
  const whole = joined(...jsonParts(values, ''));
  const [only = ''] = whole.parts;
  return whole.parts.length === 1 && typeof only === 'string' ? only : whole;
}

function jsonParts(value: unknown, indent: string): Part[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [literal(value)];
  if (isJoined(value))
    return ['"', ...value.parts.map((part) => (typeof part === 'string' ? inside(part) : part)), '"'];
  const fields = Object.entries(value).flatMap(([name, one], index) => [
    `${index === 0 ? '' : ','}\n${indent}  ${literal(name)}: `,
    ...jsonParts(one, `${indent}  `),
  ]);
  return ['{', ...fields, `\n${indent}}`];
}

const isJoined = (value: object): value is Joined => shell in value;

/** Of a text, without its quotes. */
const inside = (text: string): string => literal(text).slice(1, -1);

/** Texts that follow each other are one. */
function together(parts: Part[]): Part[] {
  const all: Part[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (typeof part === 'string' && typeof last === 'string') all.splice(-1, 1, last + part);
    else all.push(part);
  }
  return all;
}

function literal(value: unknown): string {
  return replaceUnseen(JSON.stringify(value), escaped).replace(shaping, escaped);
}

/** A program of the system. Its words are no options unless we wrote them: a path of others goes through `filePath`. */
export function call(program: string, ...words: Word[]): Command {
  return { argv: [program, ...words] };
}

/** A path that no program takes for an option. */
export const filePath = (path: string): string => (path.startsWith('-') ? `./${path}` : path);

export function exported(values: Record<string, Word>): Command {
  return { argv: ['export', ...Object.entries(values).map(([name, value]) => pair(name, value))] };
}

export function unset(name: string): Command {
  return { argv: ['unset', name] };
}

/** Sets a variable of the shell to what a command prints. */
export function assigned({ name }: Variable, command: Command): Command {
  return { argv: [pair(name, outputOf(command))] };
}

/** For words that a flag's name is part of: `--name=value`. */
function equated(start: string, value: Word): Word {
  if (typeof value === 'string') return `${start}${value}`;
  if (value[shell] === 'joined') return joined(start, ...value.parts);
  if (value[shell] === 'variable' || value[shell] === 'output') return joined(start, value);
  throw new TypeError(`${start} takes no such value`);
}

function flagWords(flags: Flags, spelt: (name: string, value: Word) => Word[]): Word[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (value === true) return spelt(name, '').slice(0, 1).map(bare);
    return (Array.isArray(value) ? value : [value]).flatMap((one: Word) => spelt(name, one));
  });
}

const bare = (word: Word): Word => (typeof word === 'string' ? word.replace(/=$/, '') : word);

/** All of these tools end their options at `--`. */
function guarded(named: Word[]): Word[] {
  return named.some((word) => typeof word === 'string' && /^-./.test(word)) ? ['--', ...named] : named;
}
