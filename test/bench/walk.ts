import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Apps, appsOf, recipeOf } from './apps.ts';
import { askers, each, type Servers } from './ask.ts';
import { type Measured, measured, measureRaw, vaultbind } from './measure.ts';
import type { Job } from './raw.ts';
import type { Row } from './table.ts';

export interface Bench {
  servers: Servers;
  /** In which vaultbind finds them. */
  environment: Record<string, string>;
  /** For recipes and the like. */
  folder: string;
  /** The bundled raw client. */
  raw: string;
}

export interface Rounds {
  /** Times each pair of lookers is run. */
  look: number;
  /** Times all is made anew. */
  make: number;
}

type Pairs = Row['pairs'];

/** Everything that is measured with so many applications, as it comes; vaultbind and the raw client take turns. */
export async function* walk(bench: Bench, apps: number, rounds: Rounds): AsyncGenerator<Row> {
  const made: Pairs = [];
  const stages: Stage[] = [];
  for (let round = 0; round < rounds.make; round++) {
    for (const stage of stages.splice(0)) await clear(bench, stage);
    const [ours, raw] = await Promise.all([prepare(bench, apps, 'vb'), prepare(bench, apps, 'raw')]);
    stages.push(ours, raw);
    made.push(
      await turn(
        round,
        () => first(bench, ours),
        () => rawRun(bench, 'apply', raw),
      ),
    );
  }
  const [ours, raw] = stages as [Stage, Stage];
  const inTurns = async (look: () => Promise<Measured>, operation: Job['operation']) => {
    const pairs: Pairs = [];
    for (let round = 0; round < rounds.look; round++)
      pairs.push(await turn(round, look, () => rawRun(bench, operation, raw)));
    return pairs;
  };
  const looking = (command: string[], operation: Job['operation']) =>
    inTurns(() => cli(bench, ours, command), operation);
  yield { apps, what: 'validate', pairs: [{ ours: await cli(bench, ours, ['validate']) }] };
  yield { apps, what: 'no-op plan', pairs: await looking(['plan'], 'plan') };
  yield { apps, what: 'no-op apply', pairs: await looking(['apply', '--yes'], 'plan') };
  yield { apps, what: 'first apply', pairs: made };
  const proved = await looking(['verify'], 'verify');
  yield { apps, what: 'verify', pairs: proved };
  yield { apps, what: 'saved plan', pairs: await looking(['plan', '--out', 'plan.json'], 'plan') };
  yield { apps, what: 'its apply', pairs: await inTurns(() => applySaved(bench), 'plan') };
  // Its logins are those of verify, so it is held against the raw client's of a moment ago.
  yield { apps, what: 'doctor', pairs: [{ ours: await cli(bench, ours, ['doctor']), raw: proved.at(-1)?.raw }] };
  for (const stage of stages) await clear(bench, stage);
}

/** In turns also in who comes first. */
async function turn(
  round: number,
  ours: () => Promise<Measured>,
  raw: () => Promise<Measured>,
): Promise<Pairs[number]> {
  if (round % 2 === 0) return { ours: await ours(), raw: await raw() };
  const second = await raw();
  return { ours: await ours(), raw: second };
}

interface Stage extends Apps {
  /** File name of its recipe. */
  recipe: string;
}

let stages = 0;

/** A namespace, the secrets and the recipe: what vaultbind never makes. */
async function prepare(bench: Bench, count: number, side: string): Promise<Stage> {
  const tag = `bench-${side}-${process.pid}-${stages++}`;
  const { vault, kubernetes, close } = askers(bench.servers);
  await kubernetes('POST', '/api/v1/namespaces', { metadata: { name: tag } });
  await each(appsOf({ tag, count }), ({ secret }) => vault('POST', secret, { data: { password: 'bench' } }));
  await close();
  const recipe = `${tag}.yaml`;
  await writeFile(join(bench.folder, recipe), recipeOf({ tag, count }));
  return { tag, count, recipe };
}

async function clear({ servers }: Bench, stage: Stage): Promise<void> {
  const { vault, kubernetes, close } = askers(servers);
  await vault('DELETE', `sys/auth/${stage.tag}`);
  await each(appsOf(stage), ({ name }) => vault('DELETE', `sys/policies/acl/${name}`));
  await kubernetes('DELETE', `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${stage.tag}`);
  await kubernetes('DELETE', `/api/v1/namespaces/${stage.tag}/serviceaccounts`);
  await kubernetes('DELETE', `/api/v1/namespaces/${stage.tag}`);
  await close();
}

function cli({ folder, environment }: Bench, { recipe }: Stage, command: string[]): Promise<Measured> {
  return measured([vaultbind, ...command, '-f', recipe], folder, environment);
}

function applySaved({ folder, environment }: Bench): Promise<Measured> {
  return measured([vaultbind, 'apply', 'plan.json', '--yes'], folder, environment);
}

/** Without the logins that would follow: verify is measured by itself. */
function first(bench: Bench, stage: Stage): Promise<Measured> {
  return cli(bench, stage, ['apply', '--yes', '--verify', 'none']);
}

function rawRun(
  { raw, folder, servers }: Bench,
  operation: Job['operation'],
  { tag, count }: Stage,
): Promise<Measured> {
  return measureRaw(raw, folder, { operation, apps: { tag, count }, servers });
}
