import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OutputFormat } from '../actions/requests.ts';
import type { Io } from '../model/io.ts';
import { parseDuration } from '../recipe/durations.ts';
import { groups } from './help/layout.ts';
import { childFlags } from './login/child.ts';
import { loginFlags } from './login/flags.ts';
import { repeated } from './repeated.ts';
import { reportOption } from './reports/flags.ts';

export function recipeOptions(command: Command, io: Io, formats?: string[]): Command {
  const file = new Option(
    '-f, --file <recipe>',
    'recipe, or a folder whose files make one recipe, - for stdin; repeatable',
  ).argParser(repeated);
  command.addOption(file.helpGroup(groups.recipe)).setOptionValueWithSource('file', [], 'default');
  return wordsAreRecipes(readingOptions(command, io, formats));
}

/** `validate FILE` says the same as `validate -f FILE`; a command with arguments of its own reads them itself. */
function wordsAreRecipes(command: Command): Command {
  return command
    .usage('[options] [recipe...]')
    .allowExcessArguments()
    .hook('preAction', (_program, called) => {
      if (called.registeredArguments.length > 0) return;
      const { file } = called.opts<{ file: string[] }>();
      called.setOptionValueWithSource('file', [...file, ...called.args], 'cli');
    });
}

/** How a recipe is read and what is shown of it. */
export function readingOptions(command: Command, io: Io, formats: string[] = ['human', 'json']): Command {
  const { recipe, output } = groups;
  command
    .addOption(
      new Option('--env <name>', 'let ${env:NAME} in recipes expand; repeatable')
        .default([], 'VAULTBIND_*')
        .argParser(repeated)
        .helpGroup(recipe),
    )
    .addOption(
      new Option(
        '--ceiling <file>',
        'what the recipe may be at most; VAULTBIND_CEILING names one that holds too',
      ).helpGroup(recipe),
    )
    .addOption(
      new Option('-o, --output <format>', 'what stdout carries').choices(formats).default('human').helpGroup(output),
    );
  return reportOption(command, io)
    .addOption(new Option('-q, --quiet', 'no progress').helpGroup(output))
    .addOption(
      new Option('-v, --verbose', 'show all that is in place; twice: each request')
        .default(0, 'none')
        .argParser((_, before: number) => before + 1)
        .helpGroup(output),
    )
    .addOption(new Option('--ci', 'never ask, as without a terminal').helpGroup(output));
}

export function connectOptions(command: Command, io: Io, formats?: OutputFormat[]): Command {
  return connectionFlags(recipeOptions(command, io, formats));
}

/** Where both systems are. */
export function connectionFlags(command: Command): Command {
  const add = (option: Option) => command.addOption(option.helpGroup(groups.connection));
  add(new Option('--context <name>', 'kubeconfig context'));
  add(new Option('--kubeconfig <file>', 'kubeconfig file (default: KUBECONFIG, ~/.kube/config)'));
  add(new Option('--vault-addr <url>', 'address of Vault or OpenBao (default: BAO_ADDR, else VAULT_ADDR)'));
  add(new Option('--vault-namespace <name>', 'Vault namespace (default: BAO_NAMESPACE, else VAULT_NAMESPACE)'));
  childFlags(loginFlags(command));
  add(
    new Option(
      '--cluster-host <url>',
      "vouch that this address is the cluster: the recipe's cluster.host, or what a mount's config has, when its CA is not the cluster's own",
    ),
  );
  add(new Option('--timeout <duration>', 'deadline of one request, e.g. 30s').argParser(milliseconds));
  return add(new Option('--parallel <n>', 'requests at once').argParser(atLeastOne).default(16));
}

/** For what may tell of very many objects. */
export function fullOption(command: Command): Command {
  return command.option('--full', 'list all; without it the first ten of a kind, and how many more');
}

export function selectOptions(command: Command, io: Io): Command {
  return fullOption(connectOptions(command, io))
    .addOption(new Option('--only <step>', 'this step alone; repeatable').default([], 'all').argParser(repeated))
    .addOption(new Option('--skip <step>', 'not this step; repeatable').default([], 'none').argParser(repeated));
}

function milliseconds(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds <= 0) throw new InvalidArgumentError('write a duration such as 30s or 2m');
  return seconds * 1000;
}

function atLeastOne(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError('write a whole number of at least 1');
  return n;
}
