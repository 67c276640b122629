import type { Laboratory } from '../contracts/experiment.ts';
import type { OperatorsWord, OwnMount } from '../contracts/mount-gate.ts';
import type { Target } from '../contracts/target.ts';
import { type Clients, openClients, targetOf } from '../engine/connect.ts';
import { serversOf } from '../engine/servers.ts';
import { InputError, type Problem, SystemError, VaultbindError } from '../errors.ts';
import type { RequestLog } from '../http/transport.ts';
import { asInputError, joinedErrors } from '../model/error-values.ts';
import { canRedraw, type Io } from '../model/io.ts';
import { type Finding, findingOf } from '../model/report.ts';
import type { PermissionCommand } from '../model/rights.ts';
import type { Servers } from '../model/servers.ts';
import type { ChildRights } from '../operator/child/child.ts';
import { progress } from '../output/progress.ts';
import { laboratory } from '../proof/laboratory.ts';
import type { ReadRecipe, Recipe } from '../recipe/recipe.ts';
import type { RecipeSources } from '../recipe/source/saved-sources.ts';
import { ownMount } from '../steps/own-mount.ts';
import { version } from '../version.ts';
import { bothConnections, type Connections, possibleConnections } from './connections.ts';
import { childRights } from './login/child-rights.ts';
import { logInAsOperator, tryLogIn, withLogins } from './login/log-in.ts';
import { unusedWords, wordOf } from './operators-word.ts';
import { readRecipes } from './read-recipes.ts';
import type { ConnectRequest } from './requests.ts';

/** Both systems can be asked; what the user should see of that. */
export interface OpenedClients extends Clients {
  address: string;
  progress: ReturnType<typeof progress>;
  /** What the operator says about mounts, for every experiment. */
  word: OperatorsWord;
  /** Which variables were used where others of the same meaning differ. */
  remarks: Finding[];
  /** Absent: there is no recipe. */
  own?: OwnMount;
  /**
   * Experiments made with it run once each; a new one asks the servers again.
   *
   * @param written this run has written the config of the recipe's mount
   */
  newLaboratory(written?: boolean): Laboratory;
}

/** A recipe read and both systems connected. */
export interface Opened extends OpenedClients {
  recipe: Recipe;
  /** What the recipe was read from. */
  sources: RecipeSources;
  target: Target;
  /** For the first line of every report. */
  servers: Servers;
  /** What a careful reader would say about the recipe, as findings. */
  warnings: Finding[];
}

/** What the caller knows already. */
interface Known {
  /** What is wrong with the other arguments, told with all else that is. */
  wrong?: readonly (InputError | undefined)[];
  /** The recipe, when it does not come from -f; or why there is none. */
  read?: ReadRecipe | VaultbindError;
}

/**
 * Opens what a command with a recipe needs, learns the target, and closes it whatever happens.
 *
 * @param command whose rights a child token gets
 */
export async function withOpened<T>(
  io: Io,
  options: ConnectRequest,
  command: PermissionCommand,
  body: (opened: Opened) => Promise<T>,
  known: Known = {},
): Promise<T> {
  const { read, connections } = await allInputs(io, options, known);
  const { recipe, warnings, sources } = read;
  const child = childRights(options, command, recipe);
  return await open(io, options, { recipe, connections, connect: logInAsOperator, child }, async (clients) => {
    const target = await targetOf(recipe, clients.reading, options.clusterHost);
    const unused = unusedWords(options, [recipe.auth.path], recipe);
    const found = [...unused, ...warnings].map((problem) => findingOf(problem, 'warning'));
    const servers = await serversOf(clients.reading, target);
    return await body({ ...clients, recipe, sources, target, servers, warnings: [...clients.remarks, ...found] });
  });
}

/** What of a connection can be told without the recipe, which may name context and Vault namespace. */
const ofNoRecipe = ['address-missing', 'token-missing', 'login-input-missing', 'usage'];

/** Reads all that is given, and contacts nothing. Errors: InputError with all that is missing or wrong. */
async function allInputs(io: Io, options: ConnectRequest, { wrong = [], read: before }: Known) {
  const read = before ?? (await readRecipes(io, options).catch(asInputError));
  const unread = read instanceof VaultbindError ? read : undefined;
  const recipe = read instanceof VaultbindError ? undefined : read.recipe;
  const connections = await bothConnections(io, recipe, options).catch(asInputError);
  const all = joinedErrors([...wrong, unread, missingOf(connections, recipe)]);
  // A plan that is stale is no mistake in what was given: by itself it keeps its own exit code.
  if (unread && all?.problems.length === unread.problems.length) throw unread;
  if (all) throw all;
  if (read instanceof VaultbindError || connections instanceof InputError)
    throw new Error('bug: an error without a problem');
  return { read, connections };
}

function missingOf(connections: Connections | InputError, recipe: Recipe | undefined): { problems: Problem[] } {
  if (!(connections instanceof InputError)) return { problems: [] };
  const { problems } = connections;
  return { problems: recipe ? problems : problems.filter(({ code }) => ofNoRecipe.includes(code)) };
}

/**
 * For who has a way to one system alone, or no Vault token: what is asked of the other fails with the reason.
 * Errors: InputError when there is no way to either, and for plain mistakes.
 */
export async function withWhatThereIs<T>(
  io: Io,
  options: ConnectRequest,
  recipe: Recipe | undefined,
  body: (opened: OpenedClients) => Promise<T>,
): Promise<T> {
  const child = childRights(options, 'doctor', recipe);
  const connections = await possibleConnections(io, recipe, options);
  return await open(io, options, { recipe, connections, connect: tryLogIn, child }, body);
}

interface Opening {
  recipe: Recipe | undefined;
  connections: Connections;
  connect: typeof logInAsOperator;
  /** Absent: no child token is wanted. */
  child: ChildRights | undefined;
}

async function open<T>(
  io: Io,
  given: ConnectRequest,
  { recipe, connections, connect, child }: Opening,
  body: (opened: OpenedClients) => Promise<T>,
): Promise<T> {
  const { parallel, verbose } = given;
  const silent = given.quiet === true || (given.output !== 'human' && io.stderr.isTTY !== true);
  const shown = progress(io.stderr, { quiet: silent, live: canRedraw(io) });
  const log = verbose > 1 ? { log: (line: RequestLog) => logLine(io, shown, line) } : {};
  const speaking = {
    userAgent: `vaultbind/${version} (${recipe?.name ?? 'no recipe'})`,
    parallel,
    work: io.work,
    ...log,
  };
  return await withLogins(given, async (options) => {
    const { kubernetes } = connections;
    const reached = connections.vault instanceof VaultbindError ? undefined : connections.vault;
    const vault = reached ? await connect(io, options.logins, reached, speaking, child) : connections.vault;
    const timeout = options.timeout ?? reached?.timeout ?? 60_000;
    const clients = await openClients({ vault, kubernetes, timeout, ...speaking });
    const word = wordOf(options);
    const ownOf = (written: boolean) =>
      recipe && { own: ownMount(recipe, clients.probing, { clusterHost: given.clusterHost, written }) };
    const newLaboratory = (written = false) =>
      laboratory(clients.probing, { deadline: timeout, word, ...ownOf(written) });
    const address = reached?.address ?? '';
    const { differing = [] } = reached ?? {};
    const remarks = differing.map((problem) => findingOf(problem, 'warning'));
    try {
      return await body({ ...clients, address, progress: shown, word, remarks, ...ownOf(false), newLaboratory });
    } catch (error) {
      if (error instanceof SystemError) noteIn(error, differing);
      throw error;
    } finally {
      shown.end();
      await clients.close();
    }
  });
}

/** Who is refused, or gets no answer, may have reached for another server than he thinks. */
function noteIn({ problems: [first] }: SystemError, differing: Problem[]): void {
  const said = differing.map(({ message }) => ({ experiment: 'environment', said: message }));
  if (first && said.length > 0) first.evidence = [...(first.evidence ?? []), ...said];
}

function logLine(
  io: Io,
  shown: OpenedClients['progress'],
  { method, path, outcome, milliseconds, attempt }: RequestLog,
): void {
  const again = attempt > 1 ? ` (attempt ${attempt})` : '';
  shown.clear();
  io.stderr.write(`${method} ${path} ${outcome} ${Math.round(milliseconds)} ms${again}\n`);
}
