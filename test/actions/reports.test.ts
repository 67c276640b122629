import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recipe } from '../recipe/reading.ts';
import { runCli } from '../servers/cli.ts';

let folder: string;
const env: Record<string, string> = {};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vaultbind-reports-'));
  writeFileSync(join(folder, 'good.yaml'), recipe());
  writeFileSync(join(folder, 'bad.yaml'), recipe('name: A', 'cluster: {hots: x}'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cli = (args: string[], more: Record<string, string> = {}, cwd = folder) =>
  runCli(args, { env: { ...env, ...more }, cwd });
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

const all = ['junit=out/j.xml', 'sarif=out/s.json', 'github=out/sum.md', 'gitlab=out/g.json', 'markdown=out/m.md'];
const reports = all.flatMap((one) => ['--report', one]);

describe('--report', () => {
  it('writes every kind, makes the folder, and leaves nothing else', async () => {
    const { exit, stdout } = await cli(['validate', '-f', 'good.yaml', ...reports]);
    expect(exit).toBe(0);
    expect(stdout).toContain('has no mistakes');
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['g.json', 'j.xml', 'm.md', 's.json', 'sum.md']);
    expect(read('out/j.xml')).toContain('tests="1" failures="0"');
    expect(JSON.parse(read('out/g.json'))).toEqual([]);
    expect(JSON.parse(read('out/s.json')).runs[0].results).toEqual([]);
    expect(read('out/m.md')).toContain('### ✓ vaultbind validate `test`: good');
  });

  it('writes them for a recipe with mistakes, each at its place', async () => {
    const { exit, stderr } = await cli(['plan', '-f', 'bad.yaml', ...reports]);
    expect(exit).toBe(3);
    expect(stderr).toContain('bad.yaml:2:7: error recipe-value');
    expect(stderr).toMatch(/^::error file=bad\.yaml,line=2,col=7,title=vaultbind%3A recipe-value::/m);
    const places = JSON.parse(read('out/s.json')).runs[0].results.map(
      (one: { locations: { physicalLocation: object }[] }) => one.locations[0]?.physicalLocation,
    );
    const artifactLocation = { uri: 'bad.yaml', uriBaseId: '%SRCROOT%' };
    expect(places).toContainEqual({ artifactLocation, region: { startLine: 2, startColumn: 7 } });
    expect(places).toContainEqual({ artifactLocation, region: { startLine: 6, startColumn: 11 } });
    expect(read('out/j.xml')).toContain(`failures="${places.length}"`);
    expect(JSON.parse(read('out/g.json'))).toHaveLength(places.length);
    expect(read('out/m.md')).toContain('`bad.yaml:2:7`');
    expect(read('out/sum.md')).toBe(read('out/m.md'));
  });

  it.each([
    ['an unknown option', ['plan', '-f', 'good.yaml', '--wat'], 'usage'],
    ['a missing token', ['verify', '-f', 'good.yaml'], 'address-missing'],
    ['nobody to ask', ['apply', '-f', 'good.yaml'], 'confirmation-needed'],
    ['a step', ['step', 'bind-role', '-f', 'good.yaml'], 'confirmation-needed'],
    ['the doctor without a way', ['doctor', '-f', 'good.yaml'], 'address-missing'],
  ])('writes them when %s ends the run early', async (_what, args, code) => {
    const { exit } = await cli([...args, ...reports], { HOME: folder });
    expect(exit).toBe(3);
    expect(read('out/j.xml')).toMatch(new RegExp(`<failure type="${code}"`));
    const [first] = JSON.parse(read('out/s.json')).runs[0].results;
    const uri = { uri: 'good.yaml', uriBaseId: '%SRCROOT%' };
    expect(first.locations[0].physicalLocation).toEqual({
      artifactLocation: uri,
      region: { startLine: 1, startColumn: 1 },
    });
  });

  it('is refused with all its mistakes at once, before anything is contacted', async () => {
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'file'), '');
    const bad = [
      'junit',
      'junti=x',
      'pdf=x',
      'sarif=',
      'github',
      'markdown=folder',
      'gitlab=file/x',
      'junit=/proc/x/y',
    ];
    const args = [...bad, 'junit=ok.xml', 'sarif=ok.xml'].flatMap((one) => ['--report', one]);
    const { exit, stderr } = await cli(['plan', '-f', 'good.yaml', ...args], { VAULT_ADDR: 'http://127.0.0.1:1' });
    expect(exit).toBe(3);
    expect(stderr.match(/^error (\S+)/gm)).toEqual([
      ...['error usage', 'error usage', 'error usage', 'error usage', 'error usage'],
      ...['error report-unwritable', 'error report-unwritable', 'error report-unwritable', 'error usage'],
    ]);
    expect(stderr).toContain('did you mean "junit"?');
    expect(stderr).toContain('GITHUB_STEP_SUMMARY is not set');
    expect(stderr).not.toContain('vault-unreachable');
    expect(read('ok.xml')).toContain('failures="9"');
  });

  it('to - puts the report on stdout in place of the text', async () => {
    const { stdout } = await cli(['validate', '-f', 'good.yaml', '--report', 'markdown=-', '--report', 'junit=j.xml']);
    expect(stdout).toMatch(/^<!-- vaultbind validate good\.yaml -->\n### ✓/);
    expect(stdout).not.toContain('has no mistakes');
    const early = await cli(['validate', '-f', 'bad.yaml', '--report', 'junit=-']);
    expect(early.stdout).toMatch(/^<\?xml/);
    expect(early.stderr).toContain('error recipe-value');
  });

  it('to - does not go with -o json, and leaves -o json alone otherwise', async () => {
    expect((await cli(['validate', '-f', 'good.yaml', '-o', 'json', '--report', 'junit=-'])).exit).toBe(3);
    const { exit, stdout } = await cli(['validate', '-f', 'bad.yaml', '-o', 'json', ...reports]);
    expect(exit).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ command: 'validate', ok: false });
  });

  it('replaces a report as a whole, also behind a link, and adds to a step summary', async () => {
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'real.xml'), 'old');
    symlinkSync('../real.xml', join(folder, 'out/j.xml'));
    writeFileSync(join(folder, 'out/sum.md'), 'of another step\n');
    const before = statSync(join(folder, 'real.xml')).ino;
    await cli(['validate', '-f', 'good.yaml', ...reports]);
    expect(read('real.xml')).toMatch(/^<\?xml/);
    expect(statSync(join(folder, 'real.xml')).ino).not.toBe(before);
    expect(read('out/sum.md')).toMatch(/^of another step\n<!-- vaultbind validate/);
  });

  it('writes into a pipe that is there already', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const reading = import('node:fs/promises').then(({ readFile }) => readFile(join(folder, 'pipe'), 'utf8'));
    await cli(['validate', '-f', 'good.yaml', '--report', 'junit=pipe']);
    expect(await reading).toMatch(/<\/testsuites>\n$/);
    expect(statSync(join(folder, 'pipe')).isFIFO()).toBe(true);
  });

  it('calls a run that was stopped no success', async () => {
    const args = ['validate', '-f', 'good.yaml', '--report', 'junit=j.xml', '--report', 'markdown=m.md'];
    await runCli(args, { env, cwd: folder, signal: AbortSignal.abort() });
    expect(read('j.xml')).toContain('failures="1"');
    expect(read('m.md')).toContain('### ✗ vaultbind validate `test`: interrupted');
  });

  it('comes with an explanation, too', async () => {
    const { exit, stdout } = await cli(['doctor', '--explain', 'drift', '--report', 'junit=j.xml']);
    expect(exit).toBe(0);
    expect(stdout).toContain('not to be mistaken for');
    expect(read('j.xml')).toContain('name="drift"');
  });

  it('says what a reader of the job can find: paths from the top of the checkout', async () => {
    mkdirSync(join(folder, '.git'));
    mkdirSync(join(folder, 'deploy'));
    writeFileSync(join(folder, 'deploy/bad.yaml'), read('bad.yaml'));
    const uri = async (args: string[], cwd: string, more: Record<string, string> = {}) => {
      await cli(['validate', '-f', ...args, '--report', `sarif=${join(folder, 's.json')}`], more, cwd);
      return JSON.parse(read('s.json')).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri;
    };
    expect(await uri(['bad.yaml'], join(folder, 'deploy'))).toBe('deploy/bad.yaml');
    expect(await uri([join(folder, 'deploy/bad.yaml')], folder)).toBe('deploy/bad.yaml');
    expect(await uri(['bad.yaml'], join(folder, 'deploy'), { GITHUB_WORKSPACE: folder })).toBe('deploy/bad.yaml');
    expect(await uri(['bad.yaml'], join(folder, 'deploy'), { CI_PROJECT_DIR: join(folder, 'deploy') })).toBe(
      'bad.yaml',
    );
  });
});

describe('--report github', () => {
  it("takes the summary's file from GitHub", async () => {
    const summary = join(folder, 'summary.md');
    const { stdout } = await cli(['validate', '-f', 'good.yaml', '--report', 'github'], {
      GITHUB_STEP_SUMMARY: summary,
    });
    expect(read('summary.md')).toContain('### ✓ vaultbind validate');
    expect(stdout).toContain('has no mistakes');
  });

  it('keeps the runner from obeying what a recipe says', async () => {
    const sneaky = 'x##[add-mask]a';
    writeFileSync(join(folder, 'sneaky.yaml'), recipe(`"${sneaky}": 1`));
    const { stdout, stderr } = await cli(['validate', '-f', 'sneaky.yaml', '--report', 'github=sum.md']);
    expect(stdout).toBe('');
    const lines = stderr.trimEnd().split('\n');
    const token = /^::stop-commands::([0-9a-f-]{36})$/.exec(lines[0] ?? '')?.[1];
    const end = lines.indexOf(`::${token}::`);
    expect(end).toBeGreaterThan(0);
    expect(lines.slice(0, end).join('\n')).toContain(sneaky);
    for (const line of lines.slice(end + 1)) expect(line).toMatch(/^::error file=sneaky\.yaml,line=\d+,col=\d+,title=/);
  });
});
