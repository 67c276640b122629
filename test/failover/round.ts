import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Report } from '../../src/model/report.ts';
import type { SandboxVault } from '../../src/sandbox/servers/vault.ts';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';
import { type CliResult, runCli } from '../servers/cli.ts';
import { type Workbench, workbench } from '../servers/workbench.ts';
import type { Cluster } from './cluster.ts';

export const blows = ['killed', 'sealed', 'stepped down'] as const;
/** `rewrite` writes the config with the reviewer's token anew, as a rotation does. */
export const commands = ['apply', 'verify', 'rewrite', 'doctor'] as const;

export interface Round {
  command: (typeof commands)[number];
  blow: (typeof blows)[number];
  /** When the blow falls, as a share of what the command takes undisturbed. */
  share: number;
  /** Index of the node that the operator speaks to. */
  from: number;
}

export interface RoundOutcome {
  exit: number;
  /** Codes in the report that say something of the binding, which was right all the time. */
  wrong: string[];
  /** Accessors of tokens that are alive and that the output does not name. */
  untold: string[];
  /** Exit codes once the cluster is whole again; `kept`: what others had on the mount is still there. */
  after: { apply: number; plan: number; verify: number; kept: boolean };
  text: string;
}

/** Milliseconds that each command takes undisturbed, by product; measured once. */
const usual = new Map<string, number>();

export async function playRound(cluster: Cluster, product: VaultProduct, round: Round): Promise<RoundOutcome> {
  const bench = await workbench(product);
  try {
    await cluster.ask('POST', `secret/data/${bench.secret}`, { data: { password: 'kv-canary-2f6d1c' } });
    bench.write(bench.recipe());
    const run = (command: Round['command'] | 'plan') =>
      runCli(wordsOf(command, bench), settings(cluster, bench, round.from));
    if (round.command !== 'apply') {
      const { exit, stdout } = await run('apply');
      if (exit !== 0) throw new Error(`nothing to strike at, apply ended with ${exit}: ${stdout}`);
    }
    await cluster.ask('POST', `sys/auth/kept-${bench.mount}`, { type: 'kubernetes' });
    const before = new Set(await accessors(cluster));
    const patience = usual.get(round.command) ?? 800;
    const started = performance.now();
    const [result, heal] = await Promise.all([run(round.command), strike(cluster, round, patience)]);
    usual.set(round.command, Math.max(300, Math.min(1500, performance.now() - started)));
    await heal();
    await cluster.whole();
    const left = (await accessors(cluster)).filter((one) => !before.has(one));
    const text = `${result.stdout}\n${result.stderr}`;
    const apply = await run('apply');
    const after = {
      apply: apply.exit,
      plan: pending(await run('plan')),
      verify: (await run('verify')).exit,
      kept: (await cluster.ask('GET', `sys/auth/kept-${bench.mount}`)) !== undefined,
    };
    return {
      exit: result.exit,
      wrong: verdicts(result),
      untold: left.filter((one) => !text.includes(one)),
      after,
      text,
    };
  } finally {
    await cluster.ask('DELETE', `sys/auth/kept-${bench.mount}`);
    await cluster.ask('DELETE', `sys/auth/${bench.mount}`);
    await bench.remove();
  }
}

function wordsOf(command: Round['command'] | 'plan', { mount }: Workbench): string[] {
  const recipe = ['-f', 'recipe.yaml', '-o', 'json'];
  if (command === 'apply') return ['apply', '--yes', ...recipe];
  if (command === 'rewrite') return ['apply', '--yes', '--rewrite', `auth/${mount}/config`, ...recipe];
  return [command, ...recipe];
}

function settings({ nodes }: Cluster, bench: Workbench, from: number) {
  const node = nodes[from];
  if (!node) throw new Error(`there is no node ${from}`);
  const env = { ...bench.env, VAULT_ADDR: node.address, VAULT_TOKEN: node.token.reveal() };
  return { env, cwd: bench.folder };
}

/** Resolves with what makes the node well again. */
async function strike(cluster: Cluster, { blow, share }: Round, patience: number): Promise<() => Promise<void>> {
  const leader = await cluster.leader();
  await setTimeout(share * patience);
  if (blow === 'stepped down') {
    await leader.stepDown();
    return async () => undefined;
  }
  await (blow === 'killed' ? leader.kill() : leader.seal());
  return () => rise(leader, blow);
}

async function rise(node: SandboxVault, blow: Round['blow']): Promise<void> {
  if (blow === 'killed') await node.restart();
  await node.unseal();
}

async function accessors(cluster: Cluster): Promise<string[]> {
  const { data } = (await cluster.ask('GET', 'auth/token/accessors?list=true')) ?? {};
  return (data as { keys: string[] }).keys;
}

/** What speaks of Vault, and of the run, and not of the binding; also that a mount could not be looked at again. */
const ofTheServer = /^(vault-|timeout$|not-reached$|interrupted$|token-|skipped|mount-not-vouched$)/;

function verdicts({ stdout }: CliResult): string[] {
  const { findings, causes } = JSON.parse(stdout) as Report;
  const said = findings.filter(({ status }) => status === 'failed' || status === 'blocked').map(({ code }) => code);
  return [...said, ...causes.map(({ cause }) => cause)].filter((code) => !ofTheServer.test(code));
}

function pending({ stdout }: CliResult): number {
  const { summary } = JSON.parse(stdout) as Report;
  return summary.pending + summary.failed + summary.blocked;
}

/** The same numbers from 0 to 1 for the same seed. */
export function chance(seed: string): () => number {
  let count = 0;
  return () => {
    count += 1;
    return createHash('sha256').update(`${seed} ${count}`).digest().readUInt32BE() / 2 ** 32;
  };
}
