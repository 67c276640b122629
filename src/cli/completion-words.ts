import type { Command, Option } from 'commander';
import { codes } from '../codes.ts';
import { loginMethods } from '../operator/login/index.ts';
import type { Completed, CompletedOption, Value } from '../output/completion.ts';
import { reportKinds } from '../output/reports/kinds.ts';
import { steps } from '../steps/index.ts';
import { topics } from './help/topics.ts';

/** Commands with their flags, as the shells complete them. */
export function wordsOf(program: Command, path: string[] = []): Completed[] {
  const subcommands = program.commands.filter((one) => one.name() !== 'help' || path.length === 0);
  const mine: Completed = {
    path,
    subcommands: subcommands.map((one) => ({ word: one.name(), what: one.summary() || one.description() })),
    arguments: [
      ...program.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
      ...(words[path.join(' ')]?.(program.parent) ?? []),
    ],
    takesFiles: program.options.some(({ long }) => long === '--file'),
    options: program.options.map(completed),
  };
  return [mine, ...subcommands.flatMap((one) => wordsOf(one, [...path, one.name()]))];
}

/** Arguments with known words that commander is not told, so that a wrong one is told in our own way. */
const words: Record<string, (above: Command | null) => string[]> = {
  explain: () => Object.keys(codes),
  help: (above) => [...(above?.commands.map((one) => one.name()) ?? []), ...Object.keys(topics)],
};

const stepNames = { choices: steps.map(({ name }) => name) };

/** The same for values of flags. */
const values: Record<string, Value> = {
  '--only': stepNames,
  '--skip': stepNames,
  '--explain': { choices: Object.keys(codes) },
  '--vault-login': { choices: loginMethods.map(({ name }) => name) },
  '--report': { choices: Object.keys(reportKinds).map((kind) => `${kind}=`) },
  '--context': 'context',
  '--env': 'variable',
};

/** Values that are files, by how the help calls them. */
const files = /<(recipe|file|folder)>/;

function completed({ long, short, description, argChoices, flags }: Option): CompletedOption {
  const said = values[long ?? ''];
  return { words: [long, short].filter((word) => typeof word === 'string'), what: description, takes: said ?? shown() };

  function shown(): Value {
    if (argChoices) return { choices: argChoices };
    const [, alternatives = ''] = /<(\S+\|\S+)>/.exec(flags) ?? [];
    if (alternatives !== '') return { choices: alternatives.split('|') };
    if (files.test(flags)) return 'file';
    if (!/</.test(flags)) return 'nothing';
    return /-env </.test(flags) ? 'variable' : 'word';
  }
}
