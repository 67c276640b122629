import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { kubeconfigs, theirReading } from '../kubernetes/client-go.ts';
import { samplePem } from '../trust/sample.ts';
import { goProgram } from './go-program.ts';
import { changedKubeconfigs, disagreements as kubeconfigDisagreements } from './kubeconfig.ts';
import { bundles, disagreements as pemDisagreements } from './pem.ts';

/**
 * `npm run fuzz`: CA bundles against OpenSSL and Go, kubeconfigs against client-go. FUZZ_SEED=N does a run again,
 * FUZZ_PEM and FUZZ_KUBECONFIG change how many.
 */
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const pems = Number(process.env['FUZZ_PEM'] ?? 50_000);
const configs = Number(process.env['FUZZ_KUBECONFIG'] ?? 20_000);

function told(what: string, all: number, { accepted, wrong }: { accepted: number; wrong: string[] }): string[] {
  process.stdout.write(`FUZZ_SEED=${seed} ${what} ${all}, read ${accepted}, differences ${wrong.length}\n`);
  return wrong.slice(0, 20);
}

it('CA bundles are read as OpenSSL and Go read them, or refused', async () => {
  const other = `${(await createAuthority('other')).certificate}\n`;
  const texts = fc.sample(bundles([samplePem, other]), { numRuns: pems, seed });
  expect(told('bundles', pems, await pemDisagreements(texts, goProgram('pem')))).toEqual([]);
});

it('kubeconfigs are read as client-go reads them, or refused', async () => {
  const texts = fc.sample(changedKubeconfigs(), { numRuns: configs, seed });
  expect(told('kubeconfigs', configs, await kubeconfigDisagreements(texts, goProgram('kubeconfig')))).toEqual([]);
});

it('what stands recorded of client-go is what it says', async () => {
  const recorded = JSON.parse(readFileSync(new URL('../kubernetes/client-go.json', import.meta.url), 'utf8'));
  const now = await goProgram('kubeconfig')(Object.values(kubeconfigs));
  const readings = Object.keys(kubeconfigs).map((name, index) => [name, theirReading(now[index] ?? '')]);
  expect(Object.fromEntries(readings)).toEqual(
    Object.fromEntries(Object.keys(kubeconfigs).map((name) => [name, theirReading(JSON.stringify(recorded[name]))])),
  );
});
