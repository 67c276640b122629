import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { goProgram, hasGo } from '../fuzz/go-program.ts';
import { bundles, disagreements } from '../fuzz/pem.ts';
import { samplePem } from './sample.ts';

/**
 * Law: whatever our reader takes, OpenSSL (Node) and Go (Vault, kubectl) read as the same certificates, from the text
 * and from what we send. `npm run fuzz` tries more. Needs Go.
 */
describe.runIf(hasGo)('2,000 bundles, whole and broken', () => {
  it('are read alike or refused', async () => {
    const other = `${(await createAuthority('other')).certificate}\n`;
    const texts = fc.sample(bundles([samplePem, other]), { numRuns: 2000, seed: 10 });
    const { accepted, wrong } = await disagreements(texts, goProgram('pem'));
    expect(wrong).toEqual([]);
    // Both sides of the line are tried.
    expect(accepted).toBeGreaterThan(400);
    expect(accepted).toBeLessThan(1600);
  }, 300_000);
});

describe.skipIf(hasGo)('2,000 bundles, whole and broken', () => {
  it.skip('are not compared with Go: there is no Go on this machine', () => undefined);
});
