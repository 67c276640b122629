import { Command, InvalidArgumentError, Option } from 'commander';
import { type ExitCode, InputError } from '../errors.ts';
import { call, outputOf, vaultbind } from '../model/commands.ts';
import { canRedraw, type Io } from '../model/io.ts';
import { inWords } from '../model/printed.ts';
import { asTyped, packageFile } from '../recipe/source/packaged.ts';
import type { SandboxRecord } from '../sandbox/named/records.ts';
import { type EvalShell, evalShells, exportLines, unsetLines } from '../sandbox/named/shell.ts';
import type { UpOptions } from '../sandbox/named/up.ts';
import type { SandboxContext } from '../sandbox/options.ts';
import type { VaultProduct } from '../sandbox/servers/vault-options.ts';
import type { CommandBuilder, CommandContext } from './command.ts';

import { examples } from './help/layout.ts';

export const sandboxCommand: CommandBuilder = (context) =>
  new Command('sandbox')
    .summary('real servers on this machine, to try it all')
    .description('A real OpenBao or Vault and a real Kubernetes control plane, on loopback: no account, no container.')
    .addCommand(upCommand(context))
    .addCommand(statusCommand(context))
    .addCommand(envCommand(context))
    .addCommand(downCommand(context))
    .addCommand(demoCommand(context))
    .configureHelp(
      examples(
        ['eval "$(vaultbind sandbox up)"', 'OpenBao and Kubernetes, and the environment to use them'],
        'vaultbind sandbox up --name two --vault hashicorp --tls',
        ['vaultbind sandbox up --nodes 3', 'a cluster: one node writes, two stand by'],
        'vaultbind sandbox status',
        'vaultbind sandbox down --all',
        ['vaultbind sandbox demo', "start, apply the article's recipe, verify, stop"],
      ),
    );

const nameOption = () => new Option('--name <name>', 'which sandbox').default('default');
const shellOption = () => new Option('--shell <shell>', 'whose words to print').choices(evalShells).default('sh');

function upCommand({ io, action }: CommandContext): Command {
  return new Command('up')
    .summary('leave a set of servers running, and print its environment')
    .description('Starts the servers unless they run already, and prints lines for eval on stdout.')
    .configureHelp(examples('vaultbind sandbox up --vault hashicorp --tls'))
    .addOption(nameOption())
    .addOption(
      new Option('--vault <product>', 'which Vault (default: openbao)').choices(['openbao', 'hashicorp', 'none']),
    )
    .option('--tls', 'a Vault that serves https with its own CA')
    .addOption(
      new Option('--nodes <number>', 'nodes of the Vault; 3 share their data by raft (default: 1)').argParser(nodesOf),
    )
    .addOption(shellOption())
    .action(
      action(async ({ shell, ...options }: UpOptions & { shell: EvalShell }): Promise<ExitCode> => {
        const [{ bringUp }, { namingFolders }] = await Promise.all([
          import('../sandbox/named/up.ts'),
          import('../sandbox/file-errors.ts'),
        ]);
        const context = await sandboxContext(io);
        const record = await namingFolders(() => bringUp(options, context));
        io.stdout.write(exportLines(record.environment, shell));
        io.stderr.write(upText(record, io.stdout.isTTY === true));
        return 0;
      }),
    );
}

/** @param seen the lines for eval stand on the screen, so nothing took them */
function upText({ name, addresses, environment }: SandboxRecord, seen: boolean): string {
  const named = name === 'default' ? {} : { name };
  const servers = Object.entries(addresses).filter(([program]) => program !== 'etcd');
  const up = call('eval', outputOf(vaultbind('sandbox up', named)));
  const down = call('eval', outputOf(vaultbind('sandbox down', named)));
  return [
    '',
    ...servers.map(([program, address]) => `${program} runs at ${address}`),
    ...(seen ? [`use it:  ${inWords(up)}`] : []),
    ...(environment['VAULT_ADDR'] === undefined ? [] : [`next:    ${inWords(vaultbind('init'))}`]),
    `end:     ${inWords(down)}`,
    '',
  ].join('\n');
}

function nodesOf(given: string): number {
  if (given === '1' || given === '3') return Number(given);
  throw new InvalidArgumentError('a sandbox has 1 node or 3.');
}

function statusCommand({ io, action }: CommandContext): Command {
  return new Command('status')
    .summary('which sandboxes run; exit 1 when one is half dead')
    .description('Lists the sandboxes of this user with their servers. Exit 1 when one is half dead.')
    .configureHelp(examples('vaultbind sandbox status -o json'))
    .option('--name <name>', 'only this one')
    .addOption(new Option('-o, --output <format>', 'what stdout carries').choices(['human', 'json']).default('human'))
    .action(
      action(async ({ name, output }: { name?: string; output: string }): Promise<ExitCode> => {
        const { statusOf, statusText } = await import('../sandbox/named/status.ts');
        const { listNames, readRecord } = await import('../sandbox/named/records.ts');
        const names = name === undefined ? await listNames(io.env) : [name];
        const records = names.flatMap((each) => readRecord(each, io.env) ?? []);
        if (name !== undefined && records.length === 0) throw missing(name);
        const all = records.map(statusOf);
        const ok = all.every((each) => each.health === 'running');
        const told = { schema_version: 1, command: 'sandbox status', ok, sandboxes: all };
        if (output === 'json') io.stdout.write(`${JSON.stringify(told, undefined, 2)}\n`);
        else io.stdout.write(all.map((each) => statusText(each, new Date())).join('') || 'no sandbox\n');
        return ok ? 0 : 1;
      }),
    );
}

function envCommand({ io, action }: CommandContext): Command {
  return new Command('env')
    .summary('print the environment of a running sandbox again')
    .description('Prints the lines for eval that up printed.')
    .configureHelp(examples('vaultbind sandbox env --name two --shell fish'))
    .addOption(nameOption())
    .addOption(shellOption())
    .action(
      action(async ({ name, shell }: { name: string; shell: EvalShell }): Promise<ExitCode> => {
        const { readRecord } = await import('../sandbox/named/records.ts');
        const { sandboxHealth } = await import('../sandbox/named/up.ts');
        const record = readRecord(name, io.env);
        if (!record || sandboxHealth(record) !== 'running') throw missing(name);
        io.stdout.write(exportLines(record.environment, shell));
        return 0;
      }),
    );
}

interface DownOptions {
  name: string;
  all?: boolean;
  shell: EvalShell;
}

function downCommand({ io, action }: CommandContext): Command {
  return new Command('down')
    .summary('end a sandbox and remove what it left')
    .description('Ends its servers and deletes its folder. Prints for eval what unsets the variables that up set here.')
    .configureHelp(examples('vaultbind sandbox down --all'))
    .addOption(nameOption())
    .addOption(shellOption())
    .option('--all', 'every sandbox')
    .action(
      action(async ({ name, all, shell }: DownOptions, command: Command): Promise<ExitCode> => {
        const { listNames } = await import('../sandbox/named/records.ts');
        const { takeDown } = await import('../sandbox/named/up.ts');
        const context = await sandboxContext(io);
        for (const each of all ? await listNames(io.env) : [name]) {
          const was = await takeDown(each, context);
          if (!was && command.getOptionValueSource('name') === 'cli') throw unknownSandbox(name);
          io.stderr.write(was ? `${each}: ended\n` : `${each}: there was no such sandbox\n`);
          const unset = was ? unsetLines(was.environment, io.env, shell) : '';
          io.stdout.write(unset);
          if (unset !== '' && io.stdout.isTTY === true)
            io.stderr.write('this shell still names it: run the line above\n');
        }
        return 0;
      }),
    );
}

function demoCommand({ io, action, run }: CommandContext): Command {
  return new Command('demo')
    .summary("the article's recipe on real servers: apply, verify, an empty plan")
    .description(
      'Starts servers, applies recipes/article.yaml, verifies it, shows an empty plan, and stops the servers.',
    )
    .configureHelp(examples('vaultbind sandbox demo --vault hashicorp'))
    .addOption(new Option('--vault <product>', 'which Vault').choices(['openbao', 'hashicorp']).default('openbao'))
    .option('--keep', 'leave the servers running', false)
    .action(
      action(async (options: { vault: VaultProduct; keep: boolean }): Promise<ExitCode> => {
        const [{ demo }, { namingFolders }] = await Promise.all([
          import('../sandbox/demo.ts'),
          import('../sandbox/file-errors.ts'),
        ]);
        const context = await sandboxContext(io);
        return await namingFolders(() =>
          demo({ ...options, recipe: asTyped(packageFile('recipes/article.yaml'), io.cwd) }, io, run, context),
        );
      }),
    );
}

/** From now on a signal is heard: servers that were started are stopped in order. */
async function sandboxContext(io: Io): Promise<SandboxContext> {
  io.work.begin();
  const { createProgress } = await import('../sandbox/progress.ts');
  return { env: io.env, progress: createProgress(io.stderr, canRedraw(io)), signal: io.signal };
}

function missing(name: string): InputError {
  const message = `no sandbox ${name} is running`;
  const command = vaultbind('sandbox up', name === 'default' ? {} : { name });
  return new InputError({ code: 'sandbox-missing', subject: name, message, fix: [{ why: 'start it', command }] });
}

function unknownSandbox(name: string): InputError {
  const fix = [{ why: 'see which there are', command: vaultbind('sandbox status') }];
  return new InputError({ code: 'sandbox-missing', subject: name, message: `there is no sandbox ${name}`, fix });
}
