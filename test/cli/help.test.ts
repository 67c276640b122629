import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { topics } from '../../src/cli/help/topics.ts';
import { loginMethods } from '../../src/operator/login/index.ts';
import { flagsOf } from '../../src/operator/login/read-inputs.ts';
import { runCli } from '../servers/cli.ts';

const help = async (width: number, ...words: string[]) => {
  const { exit, stdout, stderr } = await runCli(words, { env: { COLUMNS: String(width) }, cwd: tmpdir() });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return stdout;
};

const commands = ['init', 'validate', 'plan', 'apply', 'step', 'verify', 'doctor', 'permissions', 'sandbox', 'schema'];
const inner = ['step login', 'step review-token', 'sandbox up', 'sandbox status', 'sandbox env', 'sandbox down'];
const calls = [
  '',
  ...[...commands, 'completion', 'explain', 'version', ...inner, 'sandbox demo'].map((name) => `${name} --help`),
  ...Object.keys(topics).map((topic) => `help ${topic}`),
];
const widths = [40, 57, 80, 120];

describe.each(calls)('vaultbind %s', (call) => {
  const args = call.split(' ').filter((word) => word !== '');
  /** What no width breaks. */
  let known = new Set<string>();
  beforeAll(async () => {
    known = new Set(wordsOf(await help(5000, ...args)));
  });

  it.each(widths)('at %i columns has no line that is longer, and no broken word', async (width) => {
    const text = await help(width, ...args);
    const tooLong = text.split('\n').filter((line) => line.length > width && line.trim().includes(' '));
    expect(tooLong).toEqual([]);
    expect(wordsOf(text).filter((word) => !known.has(word))).toEqual([]);
  });
});

/** Of comments on examples only the text counts. */
const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== '\\' && word !== '#');

describe('the help', () => {
  it('of apply shows examples, then what is its own, then what others have too', async () => {
    const text = await help(80, 'apply', '--help');
    const heads = [...text.matchAll(/^(\w+):/gm)].map(([, head]) => head);
    expect(heads).toEqual(['Usage', 'Examples', 'Arguments', 'Options', 'Recipe', 'Output', 'Connection']);
    expect(text.split('\n').length).toBeLessThan(70);
    expect(text.indexOf('--yes')).toBeLessThan(text.indexOf('--file'));
  });

  it('names of the flags about logins the method alone, and where the others are told', async () => {
    const text = (await help(80, 'plan', '--help')).replace(/\s+/g, ' ');
    expect(text.match(/--vault-login-\S+|--child-\S+/g)).toEqual(['--vault-login-role', '--vault-login-jwt-env']);
    expect(text).toContain('vaultbind help login');
  });

  it.each(loginMethods.map((method) => [method.name, method] as const))(
    'about login tells every flag and variable of %s',
    async (_name, { inputs, summary }) => {
      const text = (await help(80, 'help', 'login')).replace(/\s+/g, ' ');
      expect(text).toContain(summary);
      for (const { env, flag, file } of inputs) expect(text).toContain(flag || !file ? env : file.env);
      for (const flag of inputs.flatMap(flagsOf)) expect(text).toContain(flag);
    },
  );

  it.each([
    ['help plan', 'plan --help'],
    ['help sandbox up', 'sandbox up --help'],
    ['help', '--help'],
    ['help help', 'help --help'],
  ])('%s is %s', async (one, other) => {
    expect(await help(80, ...one.split(' '))).toBe(await help(80, ...other.split(' ')));
  });

  it.each([
    ['help lgoin', /there is no help about lgoin; did you mean "login"\?/],
    ['help sandbox uo', /there is no help about uo; did you mean "up"\?/],
  ])('%s is none', async (call, said) => {
    const { exit, stderr } = await runCli(call.split(' '), { env: {}, cwd: tmpdir() });
    expect(exit).toBe(3);
    expect(stderr).toMatch(said);
  });

  it('breaks lines at 80 columns where nothing says how wide it is', async () => {
    const { stdout } = await runCli(['plan', '--help'], { env: {}, cwd: tmpdir() });
    expect(stdout).toBe(await help(80, 'plan', '--help'));
  });
});
