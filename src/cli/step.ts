import { Command, Option } from 'commander';
import { stepNamed } from '../actions/choose-steps.ts';
import type { OutputFormat } from '../actions/requests.ts';
import { walk } from '../actions/walk.ts';
import type { WalkOptions } from '../actions/walk-request.ts';
import type { Step } from '../contracts/step.ts';
import { type ExitCode, InputError } from '../errors.ts';
import { vaultbind } from '../model/commands.ts';
import type { Io } from '../model/io.ts';
import { steps } from '../steps/index.ts';
import type { CommandBuilder } from './command.ts';
import { examples } from './help/layout.ts';
import { mintFlags } from './mint-flags.ts';
import { connectOptions, fullOption } from './options.ts';

export const stepCommand: CommandBuilder = ({ io, action }) => {
  const command = new Command('step')
    .summary('list the steps in order, or run one alone')
    .description(
      'Without a name: the steps, in order. With one: that step alone, with the same plan, question and proof as apply.',
    )
    .argument('[name]', 'a step')
    // So that a misspelt step with options is told as that, and not as an unknown option.
    .allowUnknownOption()
    .allowExcessArguments()
    .configureHelp(
      examples(
        'vaultbind step',
        'vaultbind step bind-role -f article.yaml',
        'vaultbind step review-token -f article.yaml -o yaml',
      ),
    )
    .addOption(new Option('-o, --output <format>', 'what stdout carries').choices(['human', 'json']).default('human'))
    // What stands behind the name of a step is that step's own.
    .enablePositionalOptions()
    .action(action((name: string | undefined, { output }: { output: string }) => listSteps(io, name, output)));
  for (const step of steps) command.addCommand(oneStep(step, io, action));
  return command;
};

function oneStep(step: Step, io: Io, action: Parameters<CommandBuilder>[0]['action']): Command {
  const formats: OutputFormat[] | undefined = step.name === 'review-token' ? ['human', 'json', 'yaml'] : undefined;
  const command = fullOption(connectOptions(new Command(step.name), io, formats))
    .summary(step.title)
    .description(step.summary);
  mintFlags(command);
  if (step.writes) command.option('-y, --yes', 'do not ask; needed without a terminal');
  command.configureHelp(examples(`vaultbind step ${step.name} -f article.yaml`));
  return command.action(
    action((options: WalkOptions) =>
      walk(io, options, {
        command: `step ${step.name}`,
        chosen: new Set([step.name]),
        rewrite: new Set(),
        checks: (all) => all.filter((one) => one.step === step.name),
      }),
    ),
  );
}

async function listSteps(io: Io, name: string | undefined, output: string): Promise<ExitCode> {
  if (name?.startsWith('-')) throw stepNotNamed(name);
  if (name !== undefined) stepNamed(name);
  const width = Math.max(...steps.map((step) => step.name.length));
  if (output === 'json') {
    const all = steps.map(({ name: step, title, summary, writes }) => ({ name: step, title, summary, writes }));
    io.stdout.write(`${JSON.stringify({ schema_version: 1, command: 'step', ok: true, steps: all }, null, 2)}\n`);
  } else io.stdout.write(steps.map((step) => `${step.name.padEnd(width)}  ${step.title}\n`).join(''));
  return 0;
}

function stepNotNamed(option: string): InputError {
  return new InputError({
    code: 'usage',
    subject: option,
    message: `${option} belongs behind the name of a step`,
    fix: [
      { why: 'list the steps', command: vaultbind('step') },
      { why: 'then name one', command: vaultbind('step bind-role', { f: 'RECIPE' }) },
    ],
  });
}
