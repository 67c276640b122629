import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, startProgram } from '../servers/child.ts';
import { type Faults, type Seen, startFaults } from '../servers/faults.ts';
import { servers } from '../servers/servers.ts';
import { type RecipeData, type Workbench, workbench } from '../servers/workbench.ts';

/** One way to come to an end, with a role of its own, so that scenes go on side by side. */
export interface Scene {
  command: string[];
  /** What goes wrong between the program and Vault. */
  faults?: (faults: Faults) => void;
  /** What happens to the program meanwhile. */
  during?: (child: Child, faults: Faults) => Promise<void> | void;
  /** Exit code, or the signal that ended it. Absent: it depends on how fast the machine is. */
  ends?: number | NodeJS.Signals;
  /** Of its workload tokens; `told`: some are left, and each is named. */
  tokens?: 'none' | 'told';
}

export interface Stage {
  bench: Workbench;
  play(scene: Scene, role: string): Promise<Played>;
}

export interface Played {
  exit: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  left: Left;
}

export interface Left {
  /** Accessors of the tokens that are still there. */
  accessors: string[];
  /** How many of them neither an accessor nor a sentence about their account tells. */
  untold: number;
}

/** Throws where nobody catches it, and computes without an end, when it is told to. */
const misbehaving = `
process.on('SIGUSR1', () => { throw new Error('a bug, for the test'); });
process.on('SIGUSR2', () => { process.stderr.write('computing\\n'); for (;;); });
process.stderr.write('ready\\n');
`;

/** The article's recipe applied once, with a role for each scene. */
export async function stageFor(product: Workbench['product'], roles: string[]): Promise<Stage> {
  const bench = await workbench(product);
  const whole = bench.recipe();
  bench.write({ ...whole, ...rolesOf(bench, whole, roles), expect: [] }, 'whole.yaml');
  const applied = await bench.cli('apply', '--yes', '--verify', 'none', '-f', 'whole.yaml');
  if (applied.exit !== 0) throw new Error(applied.stdout + applied.stderr);
  writeFileSync(join(bench.folder, 'misbehaving.mjs'), misbehaving);
  return { bench, play: (scene, role) => play(bench, scene, role) };
}

function rolesOf(bench: Workbench, { roles = [] }: RecipeData, names: string[]): Pick<RecipeData, 'roles' | 'expect'> {
  const [first] = roles;
  return {
    roles: names.map((name) => ({ ...first, name })),
    expect: names.map((role) => ({
      role,
      service_account: `${bench.namespace}/my-sa`,
      can: [`read secret/data/${bench.secret}`],
    })),
  };
}

async function play(bench: Workbench, scene: Scene, role: string): Promise<Played> {
  const file = bench.write({ ...bench.recipe(), ...rolesOf(bench, bench.recipe(), [role]) }, `${role}.yaml`);
  const faults = await startFaults({ target: servers().vaults[bench.product].address });
  scene.faults?.(faults);
  const env = {
    ...bench.env,
    VAULT_ADDR: faults.url,
    NODE_OPTIONS: `--import=${join(bench.folder, 'misbehaving.mjs')}`,
  };
  const child = startProgram([...scene.command, '-f', file], { env, cwd: bench.folder });
  await scene.during?.(child, faults);
  const ended = await child.ended;
  await faults.close();
  return { ...ended, left: await leftOf(bench, role, ended.stdout + ended.stderr) };
}

async function leftOf(bench: Workbench, role: string, said: string): Promise<Left> {
  const { body } = await bench.vault('LIST', 'auth/token/accessors');
  const looked = await Promise.all(
    body.data.keys.map((accessor: string) => bench.vault('POST', 'auth/token/lookup-accessor', { accessor })),
  );
  const accessors: string[] = looked
    .map((one) => one.body?.data)
    .filter((data) => data?.path === `auth/${bench.mount}/login` && data.meta?.role === role)
    .map((data) => data.accessor);
  const unnamed = accessors.filter((accessor) => !said.includes(accessor)).length;
  const account = `the token of ServiceAccount ${bench.namespace}/my-sa with role ${role} (login at auth/${bench.mount})`;
  return { accessors, untold: Math.max(0, unnamed - (said.includes(`${account} may be there`) ? 1 : 0)) };
}

export const isLogin = ({ method, path }: Seen) => method === 'POST' && path.endsWith('/login');
export const isLookingAround = ({ path }: Seen) => path.endsWith('/capabilities-self');
export const isRevoke = ({ path }: Seen) => /\/revoke-(self|accessor)$/.test(path);

/** Once such a request has arrived. */
export async function arrived(faults: Faults, which: (request: Seen) => boolean): Promise<void> {
  while (!faults.seen.some((one) => which(one) && !one.body.includes('vaultbind-no-such-role')))
    await new Promise((done) => setTimeout(done, 20));
}
