import { text } from 'node:stream/consumers';
import { type Connected, connect } from '../engine/connect.ts';
import { type Finding, findingOf } from '../engine/report.ts';
import { InputError } from '../errors.ts';
import type { RequestLog } from '../http/transport.ts';
import { readKubernetesConnection } from '../kubernetes/connect.ts';
import { progress } from '../output/progress.ts';
import { type Laboratory, laboratory } from '../proof/experiment.ts';
import { assertVaultAddress } from '../recipe/assert-address.ts';
import { readRecipe } from '../recipe/read.ts';
import type { ReadRecipe, Recipe } from '../recipe/recipe.ts';
import { readVaultConnection } from '../vault/connect.ts';
import { version } from '../version.ts';
import type { Io } from './command.ts';
import type { ConnectOptions, RecipeOptions } from './options.ts';

/** A recipe read and both systems connected. */
export interface Opened extends Connected {
  recipe: Recipe;
  /** What a careful reader would say about the recipe, as findings. */
  warnings: Finding[];
  progress: ReturnType<typeof progress>;
  /** Experiments made with it run once each; a new one asks the servers again. */
  newLaboratory(): Laboratory;
}

/** A recipe named `-` is what comes on standard input. */
export async function readRecipes(io: Io, { file, env }: RecipeOptions): Promise<ReadRecipe> {
  const stdin = file.includes('-') ? { stdin: await text(io.stdin) } : {};
  return readRecipe(file, { cwd: io.cwd, env: io.env, allowedEnv: env, ...stdin });
}

/** Opens what a command needs and closes it whatever happens. */
export async function withOpened<T>(io: Io, options: ConnectOptions, body: (opened: Opened) => Promise<T>): Promise<T> {
  const { recipe, warnings } = await readRecipes(io, options);
  const connected = await connectTo(io, recipe, options);
  const silent = options.quiet === true || (options.output !== 'human' && io.stderr.isTTY !== true);
  const shown = progress(io.stderr, silent);
  try {
    const found = warnings.map((problem) => findingOf(problem, 'warning'));
    const newLaboratory = () => laboratory(connected.probing, { deadline: 2 * connected.timeout });
    return await body({ ...connected, recipe, warnings: found, progress: shown, newLaboratory });
  } finally {
    shown.clear();
    await connected.close();
  }
}

async function connectTo(io: Io, recipe: Recipe, options: ConnectOptions): Promise<Connected> {
  const { kubeconfig, vaultAddr, clusterHost, timeout, parallel, verbose } = options;
  const context = agreed('cluster.context', recipe.cluster.context, '--context', options.context, recipe.cluster.at);
  const namespace = agreed(
    'vault.namespace',
    recipe.vault.namespace,
    '--vault-namespace',
    options.vaultNamespace,
    recipe.vault.at,
  );
  const vault = await readVaultConnection(
    io.env,
    {
      ...(vaultAddr === undefined ? {} : { address: vaultAddr }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(timeout === undefined ? {} : { timeout }),
    },
    io.cwd,
  );
  assertVaultAddress(recipe, vault.address);
  const kubernetes = await readKubernetesConnection(
    io.env,
    { ...(kubeconfig === undefined ? {} : { kubeconfig }), ...(context === undefined ? {} : { context }) },
    { cwd: io.cwd, terminal: io.stdin.isTTY === true && io.stderr.isTTY === true, signal: io.signal },
  );
  const log = verbose > 1 ? { log: (line: RequestLog) => logLine(io, line) } : {};
  const userAgent = `vaultbind/${version} (${recipe.name})`;
  const settings = { userAgent, parallel, timeout: timeout ?? vault.timeout, ...log };
  return await connect(recipe, {
    vault,
    kubernetes,
    ...(clusterHost === undefined ? {} : { clusterHost }),
    ...settings,
  });
}

/** A flag and the recipe may both say it, but not differently. */
function agreed(
  key: string,
  said: string | undefined,
  flag: string,
  given: string | undefined,
  at: Recipe['auth']['at'],
) {
  if (said === undefined || given === undefined || said === given) return given ?? said;
  throw new InputError({
    code: 'recipe-conflict',
    subject: key,
    message: `the recipe says ${key}: ${said} and the command line ${flag} ${given}`,
    fix: [{ why: `leave out ${flag}, or correct the recipe` }],
    at,
  });
}

function logLine(io: Io, { method, path, outcome, milliseconds, attempt }: RequestLog): void {
  const again = attempt > 1 ? ` (attempt ${attempt})` : '';
  io.stderr.write(`${method} ${path} ${outcome} ${Math.round(milliseconds)} ms${again}\n`);
}
