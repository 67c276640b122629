import { Command } from 'commander';
import { type ExitCode, InputError } from '../../errors.ts';
import { vaultbind } from '../../model/commands.ts';
import type { Io } from '../../model/io.ts';
import { columnsOf } from '../../output/layout/columns.ts';
import { didYouMean, nearest } from '../../recipe/suggest.ts';
import type { CommandBuilder } from '../command.ts';
import { examples } from './layout.ts';
import { topics } from './topics.ts';

export const helpCommand: CommandBuilder = ({ io, action }) =>
  new Command('help')
    .summary('help of a command, or about login or exit-codes')
    .description(
      `The help of a command, or about ${Object.entries(topics)
        .map(([name, { summary }]) => `${name} (${summary})`)
        .join(' or ')}.`,
    )
    .argument('[topic...]', 'a command or one of these')
    .configureHelp(examples('vaultbind help apply', 'vaultbind help sandbox up', 'vaultbind help login'))
    .action(action((words: string[], _options: object, command: Command) => help(io, words, command)));

async function help(io: Io, words: string[], { parent }: Command): Promise<ExitCode> {
  const [first = ''] = words;
  const topic = Object.hasOwn(topics, first) ? topics[first] : undefined;
  if (topic) {
    io.stdout.write(`${topic.text(columnsOf(io.env, io.stdout) ?? 80)}\n`);
    return 0;
  }
  let found = parent;
  for (const word of words) {
    const next: Command | undefined = found?.commands.find(
      (one) => one.name() === word || one.aliases().includes(word),
    );
    if (!next) throw unknown(word, found);
    found = next;
  }
  found?.outputHelp();
  return 0;
}

function unknown(word: string, above: Command | null): InputError {
  const known = [...(above?.commands.map((one) => one.name()) ?? []), ...(above?.parent ? [] : Object.keys(topics))];
  return new InputError({
    code: 'usage',
    subject: word,
    message: `there is no help about ${word}${didYouMean(nearest(word, known))}`,
    fix: [{ why: 'see what there is', command: vaultbind('help') }],
  });
}
