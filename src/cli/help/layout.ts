import type { Argument, Command, Help, Option } from 'commander';
import { wordWrapped } from '../../output/layout/wrap.ts';

/** Headings that flags of several commands stand under; what has none is special to its command and comes first. */
export const groups = { recipe: 'Recipe:', output: 'Output:', connection: 'Connection:', login: 'Login:' } as const;

/** A command to copy; with a word on it where one helps. */
export type Example = string | [command: string, what: string];

interface Item {
  term: string;
  what: string;
}

/** Our help, for configureHelp of a command: its examples near the top, its own flags before those that others share. */
export function examples(...all: Example[]): Pick<Help, 'formatHelp'> {
  return { formatHelp: (command, helper) => helpText(command, helper, all) };
}

function helpText(command: Command, helper: Help, shown: Example[]): string {
  const width = helper.helpWidth ?? 80;
  const items = [
    { title: 'Arguments:', ones: helper.visibleArguments(command).map(argumentItem) },
    ...commandItems(command, helper),
    ...optionItems(command, helper),
  ].filter(({ ones }) => ones.length > 0);
  const column = columnOf(
    items.flatMap(({ ones }) => ones),
    width,
  );
  return [
    wordWrapped(helper.commandUsage(command), width, 'Usage: '),
    wordWrapped(command.description(), width),
    [shown.length === 1 ? 'Example:' : 'Examples:', ...examplesText(shown, width)].join('\n'),
    ...items.map(({ title, ones }) => [title, ...ones.map((one) => itemText(one, column, width))].join('\n')),
    '',
  ]
    .join('\n\n')
    .replace(/\n\n$/, '\n');
}

function commandItems(command: Command, helper: Help): { title: string; ones: Item[] }[] {
  // `step help` is understood, and not worth a line.
  const ones = helper.visibleCommands(command).filter((one) => one.name() !== 'help' || !command.parent);
  return [{ title: 'Commands:', ones: ones.map((one) => ({ term: one.name(), what: one.summary() })) }];
}

function optionItems(command: Command, helper: Help): { title: string; ones: Item[] }[] {
  const help = helper.visibleOptions(command).filter((one) => !command.options.includes(one));
  const others = new Set<string>(Object.values(groups));
  const titled = (title: string) => command.options.filter(({ helpGroupHeading }) => helpGroupHeading === title);
  const own = command.options.filter(({ helpGroupHeading = '' }) => !others.has(helpGroupHeading));
  const ownTitles = [...new Set(own.map(({ helpGroupHeading }) => helpGroupHeading ?? 'Options:'))];
  const isShort = titled(groups.output).length === 0;
  const all = [
    ...ownTitles.map((title) => ({ title, ones: own.filter((one) => (one.helpGroupHeading ?? 'Options:') === title) })),
    ...[groups.recipe, groups.output, groups.connection].map((title) => ({ title, ones: titled(title) })),
  ];
  const last = all.find(({ title }) => title === (isShort ? 'Options:' : groups.output));
  if (last) last.ones.push(...help);
  else all.push({ title: 'Options:', ones: help });
  return all.map(({ title, ones }) => ({ title, ones: ones.filter(({ hidden }) => !hidden).map(optionItem) }));
}

function argumentItem(argument: Argument): Item {
  return { term: argument.name(), what: said(argument) };
}

function optionItem(option: Option): Item {
  return { term: option.flags, what: said(option) };
}

function said(one: Option | Argument): string {
  const { argChoices, defaultValue, defaultValueDescription } = one;
  const isNothing = defaultValue === undefined || defaultValue === false || defaultValueDescription === 'none';
  const shown = defaultValueDescription ?? String(defaultValue);
  const choices = argChoices ? [argChoices.join(', ')] : [];
  const bracket = [...choices, ...(isNothing ? [] : [`default: ${shown}`])].join('; ');
  return bracket === '' ? one.description : `${one.description} (${bracket})`;
}

/** Where texts begin; a term that reaches beyond it stands on a line of its own. */
function columnOf(items: Item[], width: number): number {
  const most = width < 60 ? 6 : Math.floor(width * 0.36);
  return Math.min(most, Math.max(0, ...items.map(({ term }) => term.length + 4)));
}

function itemText({ term, what }: Item, column: number, width: number): string {
  const indent = ' '.repeat(column);
  const head = `  ${term}`;
  if (head.length + 2 <= column) return wordWrapped(what, width, head.padEnd(column), indent);
  return `${wordWrapped(term, width, '  ', '    ')}\n${wordWrapped(what, width, indent)}`;
}

/** Indented, each on as many lines as it needs. */
export function examplesText(shown: Example[], width: number): string[] {
  const commands = shown.map((one) => (typeof one === 'string' ? one : one[0]));
  const column = Math.max(...shown.map((one) => (typeof one === 'string' ? 0 : one[0].length + 4)));
  const fits = shown.every((one) => typeof one === 'string' || column + 2 + one[1].length <= width);
  return shown.flatMap((one, index) => {
    const command = continued(commands[index] ?? '', width);
    if (typeof one === 'string') return [command];
    return fits ? [`${command.padEnd(column)}# ${one[1]}`] : [wordWrapped(one[1], width, '  # ', '  # '), command];
  });
}

/** A shell command on lines that fit; what is copied runs all the same. */
function continued(command: string, width: number): string {
  const lines = [''];
  for (const word of command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []) {
    const last = lines.at(-1) ?? '';
    const indent = lines.length === 1 ? 2 : 6;
    if (last === '') lines[lines.length - 1] = `${' '.repeat(indent)}${word}`;
    else if (last.length + 1 + word.length + 2 <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`      ${word}`);
  }
  return lines.join(' \\\n');
}
