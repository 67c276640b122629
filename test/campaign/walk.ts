import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';
import { judge } from './judge.ts';
import { type Kind, kinds } from './kinds.ts';
import { type Lane, openLane, type Scenario, scenarios } from './lane.ts';

/** One request of one command, answered in one wrong way. */
export interface Cell {
  product: VaultProduct;
  scenario: string;
  command: string;
  request: string;
  kind: string;
  exit: number;
  /** Laws that it breaks. */
  broken: string[];
}

/** Which cells are run; all by default. `index` counts the cells of a lane. */
export type Choose = (index: number) => boolean;

/** All cells of one product, each scenario and command in a lane of its own, the lanes side by side. */
export async function walkAll(product: VaultProduct, told: (cell: Cell) => void, choose: Choose = () => true) {
  const lanes = scenarios.flatMap((scenario) =>
    Object.entries(scenario.commands).map(([command, words]) => ({ ...scenario, commands: { [command]: words } })),
  );
  await Promise.all(lanes.map((lane) => walk(product, lane, told, choose)));
}

async function walk(
  product: VaultProduct,
  scenario: Scenario,
  told: (cell: Cell) => void,
  choose: Choose,
): Promise<void> {
  const lane = await openLane(product, scenario);
  try {
    let index = 0;
    for (const command of Object.keys(scenario.commands)) {
      const good = await lane.good(command);
      const cells = good.requests.flatMap((request) =>
        kinds.filter((kind) => !isTrue(request, kind)).map((kind) => ({ request, kind })),
      );
      for (const { request, kind } of cells.filter(() => choose(index++)))
        told(await run(lane, command, good, request, kind));
    }
  } finally {
    await lane.close();
  }
}

/** 204 is what Vault says of a token that it has ended: a lie in the very words of the truth. */
function isTrue(request: string, { name }: Kind): boolean {
  return name === '204' && request.endsWith('/auth/token/revoke-self');
}

type Good = Awaited<ReturnType<Lane['good']>>;

async function run(lane: Lane, command: string, good: Good, request: string, kind: Kind): Promise<Cell> {
  const outcome = await lane.faulted(command, request, kind);
  return {
    product: lane.product,
    scenario: lane.scenario.name,
    command,
    request: request.replaceAll(lane.bench.namespace, 'X'),
    kind: kind.name,
    exit: outcome.exit,
    broken: await judge(lane, command, kind, good, outcome),
  };
}
