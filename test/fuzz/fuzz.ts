import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SandboxVault } from '../../src/sandbox/servers/vault.ts';
import { ownVault } from '../vault/own-vault.ts';
import type { Figures, Server } from './judge-by-servers.ts';
import { adversarialPolicy, randomPolicy } from './policy-texts.ts';
import { judgeAll, judgeAllParameters, serverAt } from './run.ts';

/**
 * `npm run fuzz`: 20,000 random and 2,000 adversarial policies, and 1,000 of parameters and wrapping times, against both
 * servers. FUZZ_SEED=N does a run again, FUZZ_RANDOM, FUZZ_ADVERSARIAL and FUZZ_PARAMETERS change how many.
 */
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const counts = {
  random: Number(process.env['FUZZ_RANDOM'] ?? 20_000),
  adversarial: Number(process.env['FUZZ_ADVERSARIAL'] ?? 2_000),
  parameters: Number(process.env['FUZZ_PARAMETERS'] ?? 1_000),
};

const started: SandboxVault[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  process.stdout.write(`FUZZ_SEED=${seed}\n`);
  for (const [product, name] of [
    ['openbao', 'openbao'],
    ['hashicorp', 'vault'],
  ] as const) {
    const server = await ownVault({ product });
    started.push(server);
    servers.push(await serverAt(name, server.address, server.token.reveal()));
  }
});

afterAll(() => Promise.all(started.map((server) => server.stop())));

it.each([
  ['random', randomPolicy],
  ['adversarial', adversarialPolicy],
] as const)('%s policies mean to us what they mean to the servers', async (kind, arbitrary) => {
  const figures = await judgeAll(arbitrary, { count: counts[kind], seed, servers }, tell);
  tell(figures);
  expect(figures.differences.slice(0, 20)).toEqual([]);
});

it('parameters and wrapping times mean to us what they mean to the servers', async () => {
  const { differences, ...figures } = await judgeAllParameters(counts.parameters, seed, servers);
  process.stdout.write(`parameters: ${JSON.stringify(figures)}\n`);
  expect(differences.slice(0, 20)).toEqual([]);
});

function tell({ differences, ...counted }: Figures): void {
  const figures = Object.entries({ ...counted, differences: differences.length });
  process.stdout.write(`${figures.map(([name, count]) => `${name} ${count}`).join(', ')}\n`);
}
