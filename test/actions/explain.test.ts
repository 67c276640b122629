import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type CauseId, type Code, causes, codes } from '../../src/codes.ts';
import { validReport } from '../cli/schema.ts';
import { runCli } from '../servers/cli.ts';

/** Neither an address nor a token: nothing can be contacted. */
const vaultbind = (...args: string[]) => runCli(args, { env: {}, cwd: tmpdir() });

describe('vaultbind explain', () => {
  it.each(Object.keys(codes) as Code[])('%s', async (code) => {
    const { exit, stdout, stderr } = await vaultbind('explain', code);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout.replace(/\s+/g, ' ')).toContain(`${code} ${codes[code]}`);
    expect(stdout).toMatch(/\nmend\n {2}[A-Z`].*/);
  });

  it.each(Object.keys(causes) as CauseId[])('%s is told as doctor --explain tells it', async (cause) => {
    const { exit, stdout } = await vaultbind('explain', cause);
    expect(stdout).toMatch(/looks like[\s\S]*why[\s\S]*not to be mistaken for[\s\S]*mend/);
    const same = await vaultbind('doctor', '--explain', cause);
    expect({ exit: same.exit, stdout: same.stdout }).toEqual({ exit, stdout });
  });

  it('is a report of plain fields', async () => {
    const result = await vaultbind('explain', 'ca-mismatch', '-o', 'json');
    const { command, findings } = validReport(result);
    expect(command).toBe('explain');
    const [{ code, message, fields } = { code: '', message: '', fields: [] }] = findings;
    expect({ code, message }).toEqual({ code: 'ca-mismatch', message: codes['ca-mismatch'] });
    expect(fields.map(({ field }) => field)).toEqual(['looks_like', 'why', 'not_to_be_mistaken_for', 'mend']);
    expect(result.stdout).not.toMatch(/[`*#]/);
  });

  it('doctor --explain is a report of the doctor', async () => {
    const report = validReport(await vaultbind('doctor', '--explain', 'plan-stale', '-o', 'json'));
    expect({ command: report.command, code: report.findings[0]?.code }).toEqual({
      command: 'doctor',
      code: 'plan-stale',
    });
  });

  it('lists all codes', async () => {
    const { stdout } = await vaultbind('explain');
    expect([...stdout.matchAll(/^\S+/gm)].map(([code]) => code)).toEqual(Object.keys(codes));
    expect(validReport(await vaultbind('explain', '-o', 'json')).findings.length).toBe(Object.keys(codes).length);
  });

  it.each([
    ['reviewer-forbiden', /there is no code reviewer-forbiden; did you mean "reviewer-forbidden"\?/],
    ['plan_stale', /did you mean "plan-stale"\?/],
    ['permission denied', /there is no code permission denied\n[\s\S]*vaultbind explain$/],
  ])('%s is none', async (word, said) => {
    for (const call of [['explain'], ['doctor', '--explain']]) {
      const { exit, stdout, stderr } = await vaultbind(...call, word);
      expect({ exit, stdout }).toEqual({ exit: 3, stdout: '' });
      expect(stderr.trim()).toMatch(said);
      expect(stderr.length).toBeLessThan(300);
    }
  });
});

describe('what people type who come from elsewhere', () => {
  it('version is --version', async () => {
    expect(await vaultbind('version')).toEqual(await vaultbind('--version'));
  });

  it('diff is plan', async () => {
    const of = async (name: string) => {
      const { command, findings } = validReport(await vaultbind(name, '-f', 'nowhere.yaml', '-o', 'json'));
      return { command, findings };
    };
    expect(await of('diff')).toEqual(await of('plan'));
    expect((await vaultbind('help', 'diff')).stdout).toBe((await vaultbind('help', 'plan')).stdout);
  });
});
