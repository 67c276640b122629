import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExitCode } from '../errors.ts';
import type { Environment } from '../model/environment.ts';
import type { Io } from '../model/io.ts';
import { prepareArticle } from './article.ts';
import { bringUp } from './named/up.ts';
import type { SandboxContext } from './options.ts';
import { startSandbox } from './sandbox.ts';
import type { VaultProduct } from './servers/vault-options.ts';

export interface DemoOptions {
  vault: VaultProduct;
  /** Leave the servers running, as the sandbox `demo`. */
  keep: boolean;
  /** The article's recipe, as it is typed. */
  recipe: string;
}

/** The program itself: src/main.ts. */
export type Run = (argv: string[], io: Io) => Promise<ExitCode>;

/** The article on real servers: applied, proved, and nothing left to do. Ends with the first command that fails. */
export async function demo(options: DemoOptions, io: Io, run: Run, context: SandboxContext): Promise<ExitCode> {
  if (!options.keep) return await onPassingServers(options, io, run, context);
  const { environment } = await bringUp({ name: 'demo', vault: options.vault }, context);
  const exit = await walk(options, environment, io, run);
  const env = 'eval "$(vaultbind sandbox env --name demo)"';
  context.progress.say(`The servers go on running. Use them: ${env}. End them: vaultbind sandbox down --name demo`);
  return exit;
}

async function onPassingServers(options: DemoOptions, io: Io, run: Run, context: SandboxContext): Promise<ExitCode> {
  const folder = await mkdtemp(join(context.env['TMPDIR'] || tmpdir(), 'vaultbind-demo-'));
  try {
    const sandbox = await startSandbox({ folder, products: [options.vault] }, context);
    try {
      await prepareArticle(sandbox);
      return await walk(options, sandbox.environment(), io, run);
    } finally {
      await context.progress.during('Stopping the servers', () => sandbox.stop());
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function walk({ recipe }: DemoOptions, environment: Record<string, string>, io: Io, run: Run): Promise<ExitCode> {
  const commands = [
    ['apply', '--yes', '-f', recipe],
    ['verify', '-f', recipe],
    // With this flag it fails when anything is left to do.
    ['plan', '--detailed-exitcode', '-f', recipe],
  ];
  const inner = { ...io, env: { ...withoutForeignServers(io.env), ...environment } };
  for (const argv of commands) {
    io.stdout.write(`\n$ vaultbind ${argv.join(' ')}\n`);
    const exit = await run(argv, inner);
    if (exit !== 0) return exit === 2 ? 1 : exit;
  }
  return 0;
}

/** A Vault namespace or a client certificate of the user's own Vault would only confuse this one. */
function withoutForeignServers(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(VAULT|BAO)_|^KUBECONFIG$/.test(name)));
}
