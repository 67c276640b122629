import type { Command, Option } from 'commander';
import type { Completed, CompletedOption } from '../output/completion.ts';

/** Commands with their flags, as the shells complete them. */
export function wordsOf(program: Command, path: string[] = []): Completed[] {
  const subcommands = program.commands.filter((one) => one.name() !== 'help');
  const mine: Completed = {
    path,
    subcommands: subcommands.map((one) => ({ word: one.name(), what: one.summary() || one.description() })),
    arguments: program.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
    options: program.options.map(completed),
  };
  return [mine, ...subcommands.flatMap((one) => wordsOf(one, [...path, one.name()]))];
}

/** Values that are files, by how the help calls them. */
const files = /<(recipe|path|file|kind=path|dir)>/;

function completed({ long, short, description, argChoices, flags }: Option): CompletedOption {
  const takes = argChoices
    ? { choices: argChoices }
    : files.test(flags)
      ? 'file'
      : /</.test(flags)
        ? 'word'
        : 'nothing';
  return { words: [long, short].filter((word) => typeof word === 'string'), what: description, takes };
}
