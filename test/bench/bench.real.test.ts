import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from '../package/packed.ts';
import { environmentFor, servers } from '../servers/servers.ts';
import { buildRaw } from './measure.ts';
import { startUp } from './startup.ts';
import { header, line, type Row } from './table.ts';
import { type Bench, walk } from './walk.ts';

let folder: string;
let bench: Bench;

beforeAll(async () => {
  await build();
  folder = await mkdtemp(join(tmpdir(), 'vaultbind-bench-'));
  const { kubernetes, vaults } = servers();
  const { server, ca, clientCertificate, clientKey } = kubernetes;
  bench = {
    servers: { vault: vaults.openbao, kubernetes: { server, ca, certificate: clientCertificate, key: clientKey } },
    environment: environmentFor('openbao'),
    folder,
    raw: await buildRaw(folder),
  };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('says how long the program takes to start', async () => {
  expect(await startUp(folder, 1)).toMatch(/^vaultbind --version \d+ ms, node -e 0 \d+ ms, ratio \d+\.\d\d$/);
});

const whats = ['validate', 'no-op plan', 'no-op apply', 'first apply', 'verify', 'saved plan', 'its apply', 'doctor'];

async function rowsOf(apps: number): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of walk(bench, apps, { look: 1, make: 1 })) rows.push(row);
  return rows;
}

/** Requests beyond the raw client's, per row. They must not grow with the number of applications. */
const beyond = (rows: Row[]) =>
  Object.fromEntries(
    rows.flatMap(({ what, pairs: [pair] }) =>
      pair?.raw || what === 'validate' ? [[what, (pair?.ours.requests ?? 0) - (pair?.raw?.requests ?? 0)]] : [],
    ),
  );

it('prints a row for each command, and the requests beyond the fewest possible grow only by what is read by name', {
  timeout: 240_000,
}, async () => {
  const one = await rowsOf(1);
  const five = await rowsOf(5);
  expect(five.map(({ what }) => what)).toEqual(whats);
  for (const row of five) expect(line(row), header()).toContain(row.what);
  const [more, looking, missing, examined] = [4, 2, 2, 3];
  // A look for drift reads the policy and the role of each application, the doctor its account as well; what no list
  // names is read by name before it counts as missing: the policy and the account.
  const grown = { verify: more * looking, doctor: more * examined, 'first apply': more * missing };
  const expected = Object.entries(grown).map(([what, by]) => [what, (beyond(one)[what] ?? 0) + by]);
  expect(beyond(five)).toEqual({ ...beyond(one), ...Object.fromEntries(expected) });
  expect(beyond(one)['validate']).toBe(0);
});
