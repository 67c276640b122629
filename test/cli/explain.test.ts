import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type CauseId, causes } from '../../src/codes.ts';
import { runCli } from '../servers/cli.ts';
import { validReport } from './schema.ts';

/** Neither an address nor a token: nothing can be contacted. */
const doctor = (...args: string[]) => runCli(['doctor', ...args], { env: {}, cwd: tmpdir() });

describe('vaultbind doctor --explain', () => {
  it.each(Object.keys(causes) as CauseId[])('%s', async (cause) => {
    const { exit, stdout, stderr } = await doctor('--explain', cause);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toContain(`${cause}   ${causes[cause]}\n`);
    expect(stdout).toMatch(/looks like[\s\S]*why[\s\S]*not to be mistaken for[\s\S]*mend/);
  });

  it('is a report too', async () => {
    const result = await doctor('--explain', 'ca-mismatch', '-o', 'json');
    expect(validReport(result).findings[0]?.message).toMatch(/^## ca-mismatch\n/);
  });

  it.each([
    ['reviewer-forbiden', /there is no cause reviewer-forbiden; did you mean "reviewer-forbidden"\?/],
    ['permission denied', /there is no cause permission denied[\s\S]*the causes are vault-unreachable, /],
  ])('%s is none', async (word, said) => {
    const { exit, stdout, stderr } = await doctor('--explain', word);
    expect({ exit, stdout }).toEqual({ exit: 3, stdout: '' });
    expect(stderr).toMatch(said);
  });
});
