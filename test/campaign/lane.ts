import type { Report } from '../../src/model/report.ts';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';
import { type Between, between, reachedDirectly } from '../servers/between.ts';
import { type CliResult, runCli } from '../servers/cli.ts';
import type { Faults, Seen } from '../servers/faults.ts';
import { type RecipeData, type Workbench, workbench } from '../servers/workbench.ts';
import type { Kind } from './kinds.ts';

/** A binding in one state of health, and what is asked of it. */
export interface Scenario {
  name: string;
  /** The words of the command, without the recipe. */
  commands: Record<string, string[]>;
  recipe?: (recipe: RecipeData, bench: Workbench) => RecipeData;
  /** Before each run: what differs from the recipe. */
  disturb?: (bench: Workbench) => Promise<void>;
}

const plan = ['plan', '--detailed-exitcode'];
const verify = ['verify'];
const doctor = ['doctor', '--no-monitor'];

const shorter = async (bench: Workbench) => {
  await bench.vault('POST', `auth/${bench.mount}/role/${bench.role}`, { token_ttl: 60 });
  await bench.vault('POST', `sys/policies/acl/${bench.policy}`, { policy: 'path "x" { capabilities = ["read"] }' });
};

/** Healthy ones may not be called good for what was not seen; of sick ones, one answer alone tells. */
export const scenarios: Scenario[] = [
  { name: 'healthy', commands: { plan, verify, doctor } },
  { name: 'to apply', commands: { apply: ['apply', '--yes'] }, disturb: shorter },
  { name: 'drifted', commands: { plan, verify }, disturb: shorter },
  {
    name: 'too wide',
    commands: { verify, doctor },
    recipe: (recipe, { policy }) => ({
      ...recipe,
      roles: recipe.roles?.map((role) => ({ ...role, token_policies: [policy, `wide-${policy}`] })) ?? [],
    }),
    disturb: async ({ vault, policy }) => {
      const wide = 'path "secret/data/other" { capabilities = ["read"] }';
      await vault('POST', `sys/policies/acl/wide-${policy}`, { policy: wide });
    },
  },
];

/** What one run came to. */
export interface Outcome extends CliResult {
  /** Undefined when stdout holds none. */
  report: Report | undefined;
  /** Requests that the fault struck. */
  struck: number;
}

/** One workbench with proxies before both servers; its runs are one after another. */
export interface Lane {
  product: VaultProduct;
  scenario: Scenario;
  bench: Workbench;
  /** A run in which everything is as it should be, and the requests that it made, each once. */
  good(command: string): Promise<Outcome & { requests: string[] }>;
  /** A run in which one request is always, or once, answered so. */
  faulted(command: string, request: string, kind: Kind): Promise<Outcome>;
  close(): Promise<void>;
}

export async function openLane(product: VaultProduct, scenario: Scenario): Promise<Lane> {
  const bench = await workbench(product);
  const ways = await between(bench);
  const own = reachedDirectly(bench.recipe());
  bench.write(scenario.recipe?.(own, bench) ?? own);
  await scenario.disturb?.(bench);
  const env = { ...ways.env, VAULT_MAX_RETRIES: '2' };
  const applied = await runCli(['apply', '--yes', '--verify=none', '-f', 'recipe.yaml'], { env, cwd: bench.folder });
  if (applied.exit !== 0) throw new Error(`the lane cannot be laid: ${applied.stdout}${applied.stderr}`);
  const run = async (command: string, timeout: string, arm = () => {}) => {
    await scenario.disturb?.(bench);
    clear(ways);
    arm();
    const words = [...(scenario.commands[command] ?? []), '-f', 'recipe.yaml', '-o', 'json', '--timeout', timeout];
    return await runCli([...words, ...reports], { env, cwd: bench.folder });
  };
  return {
    product,
    scenario,
    bench,
    good: async (command) => {
      const result = await run(command, '60s');
      const requests = [...seenBy('vault', ways.vault), ...seenBy('kubernetes', ways.kubernetes)];
      return { ...outcomeOf(result), struck: 0, requests: [...new Set(requests)] };
    },
    faulted: async (command, request, { fault, once }) => {
      let struck = 0;
      const [system = ''] = request.split(' ');
      const faults = system === 'vault' ? ways.vault : ways.kubernetes;
      const when = (seen: Seen) => {
        if (nameOf(system, seen) !== request) return false;
        struck += 1;
        return true;
      };
      // What is answered well the second time may take as long as a busy machine needs.
      const result = await run(command, once ? '60s' : '3s', () =>
        faults.inject({ fault, when, ...(once && { times: 1 }) }),
      );
      clear(ways);
      return { ...outcomeOf(result), struck };
    },
    close: async () => {
      await ways.close();
      await bench.remove();
    },
  };
}

const reports = ['junit', 'sarif', 'gitlab', 'markdown'].flatMap((kind) => ['--report', `${kind}=report.${kind}`]);

function clear({ vault, kubernetes }: Between): void {
  for (const one of [vault, kubernetes]) {
    one.clear();
    one.seen.length = 0;
  }
}

function seenBy(system: string, faults: Faults): string[] {
  return faults.seen.map((seen) => nameOf(system, seen));
}

/** Method and path; and the role's name, by which logins differ, or what a review is about, are no part of it. */
function nameOf(system: string, { method, path }: Seen): string {
  return `${system} ${method} ${path}`;
}

function outcomeOf(result: CliResult): Omit<Outcome, 'struck'> {
  try {
    return { ...result, report: JSON.parse(result.stdout) as Report };
  } catch {
    return { ...result, report: undefined };
  }
}
