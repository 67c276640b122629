import { Command } from 'commander';
import { version } from '../version.ts';
import type { CommandBuilder, CommandContext } from './command.ts';
import { examples } from './help/layout.ts';

/** Commands in the order of the help, each loaded only when it is the one called. */
const commands: Record<string, { summary: string; load: () => Promise<CommandBuilder> }> = {
  init: {
    summary: 'the wizard: asks what it cannot find out, and writes the recipe',
    load: async () => (await import('./init/init.ts')).initCommand,
  },
  validate: {
    summary: 'read recipes offline: every mistake with its place',
    load: async () => (await import('./validate.ts')).validateCommand,
  },
  plan: { summary: 'what would change, field by field', load: async () => (await import('./plan.ts')).planCommand },
  apply: {
    summary: 'make it so: plan, confirm, walk the steps, prove',
    load: async () => (await import('./apply.ts')).applyCommand,
  },
  step: {
    summary: 'list the steps in order, or run one alone',
    load: async () => (await import('./step.ts')).stepCommand,
  },
  verify: {
    summary: 'prove by real logins that the recipe holds',
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  doctor: {
    summary: 'why a login does not work: cause, evidence, fix',
    load: async () => (await import('./doctor/doctor.ts')).doctorCommand,
  },
  explain: {
    summary: 'what a code means, and what to do about it',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  permissions: {
    summary: 'the least rights that a command of this recipe needs',
    load: async () => (await import('./permissions.ts')).permissionsCommand,
  },
  sandbox: {
    summary: 'real servers on this machine, to try it all',
    load: async () => (await import('./sandbox.ts')).sandboxCommand,
  },
  schema: {
    summary: 'the JSON Schema of recipes, reports, saved plans and ceilings',
    load: async () => (await import('./schema.ts')).schemaCommand,
  },
  completion: {
    summary: 'completion of commands, flags and files for a shell',
    load: async () => (await import('./completion.ts')).completionCommand,
  },
  version: {
    summary: 'the version of vaultbind',
    load: async () => (await import('./version.ts')).versionCommand,
  },
  help: {
    summary: 'help of a command, or about login or exit-codes',
    load: async () => (await import('./help/help.ts')).helpCommand,
  },
};

const first = examples(
  ['vaultbind sandbox demo', 'see it work, on real servers right here'],
  ['vaultbind init', 'be asked, and get a recipe that is proved'],
  ['vaultbind plan -f recipe.yaml', 'what would change'],
  ['vaultbind apply -f recipe.yaml', 'make it so'],
  ['vaultbind verify -f recipe.yaml', 'prove it by a real login'],
  ['vaultbind doctor -f recipe.yaml', 'why it does not work'],
);

/** What people type who come from elsewhere. */
const aliases: Record<string, string> = { diff: 'plan' };

/** A command by the name that it goes by in reports. */
export function commandNamed(word: string): string {
  return Object.hasOwn(aliases, word) ? (aliases[word] ?? word) : word;
}

/** The commander program, built anew for each call; only the commands named are loaded. */
export async function buildProgram(names: readonly string[], context: CommandContext): Promise<Command> {
  const wanted = names.map(commandNamed);
  return await programOf(context, (one) => wanted.includes(one));
}

/** The same with every command loaded. */
export async function wholeProgram(context: CommandContext): Promise<Command> {
  return await programOf(context, () => true);
}

async function programOf(context: CommandContext, loaded: (name: string) => boolean): Promise<Command> {
  const program = new Command('vaultbind')
    // Else `step` would take the flags of its steps.
    .enablePositionalOptions()
    .description('Gives Kubernetes workloads their secrets from HashiCorp Vault or OpenBao.')
    .version(version, '-V, --version')
    .configureHelp(first)
    .showSuggestionAfterError();
  for (const [one, { summary, load }] of Object.entries(commands))
    program.addCommand(loaded(one) ? (await load())(context) : new Command(one).summary(summary));
  for (const command of program.commands)
    command.aliases(Object.keys(aliases).filter((alias) => aliases[alias] === command.name()));
  return program;
}
