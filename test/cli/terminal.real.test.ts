import { spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servers } from '../servers/servers.ts';
import { type Workbench, workbench } from '../servers/workbench.ts';
import { bundleMain } from './program.ts';

let program: Awaited<ReturnType<typeof bundleMain>>;
let bench: Workbench;
beforeAll(async () => {
  program = await bundleMain();
  bench = await workbench('openbao');
  bench.write(bench.recipe());
});
afterAll(async () => {
  await bench?.remove();
  await program?.remove();
});

interface Talk {
  /** Written when the question stands on the screen. */
  answer: string;
  /** Done before it is written. */
  meanwhile?: () => Promise<unknown>;
  env?: Record<string, string>;
  columns?: number;
}

/** `vaultbind …` in a terminal of its own, answered once. */
function talk(
  args: string[],
  { answer, meanwhile, env = {}, columns = 120 }: Talk,
): Promise<{ exit: number; screen: string }> {
  const terminal = spawn(process.execPath, [program.file, ...args], {
    cwd: bench.folder,
    env: { ...bench.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
    cols: columns,
    rows: 200,
  });
  return new Promise((done) => {
    let screen = '';
    let answered = false;
    terminal.onData((data) => {
      screen += data;
      if (answered || !screen.includes('(y/N)')) return;
      answered = true;
      void (meanwhile?.() ?? Promise.resolve()).finally(() => terminal.write(answer));
    });
    terminal.onExit(({ exitCode }) => done({ exit: exitCode, screen }));
  });
}

const mountExists = async () => (await bench.vault('GET', 'sys/auth')).body[`${bench.mount}/`] !== undefined;
const escapeSign = String.fromCharCode(27);
const questionIn = (screen: string) =>
  screen
    .replaceAll(new RegExp(`${escapeSign}\\[[\\d;?]*[A-Za-z]`, 'g'), '')
    .split(' (y/N)')[0]
    ?.replace(/^.*(?=Apply \d)/s, '')
    .replaceAll(/\s+/g, ' ');

describe('apply in a terminal shows the plan and asks', () => {
  it.each([
    ['no', 'n\r'],
    ['Enter alone', '\r'],
    ['Ctrl-C', '\u0003'],
  ])('%s writes nothing and ends with 130', async (_what, answer) => {
    const { exit, screen } = await talk(['apply', '-f', 'recipe.yaml'], { answer });
    expect(screen).toContain(`auth/${bench.mount}/config`);
    const { vaults, kubernetes } = servers();
    const asked = questionIn(screen);
    expect(asked).toMatch(/^Apply \d+ changes to /);
    expect(asked).toContain(vaults.openbao.address);
    expect(asked).toContain(kubernetes.server);
    expect(screen).toMatch(/nothing was written/);
    expect(exit).toBe(130);
    expect(await mountExists()).toBe(false);
  });

  it('without colour for NO_COLOR, in ASCII for LANG=C, and fits a narrow terminal', async () => {
    const env = { NO_COLOR: '1', LANG: 'C', LC_ALL: 'C' };
    const { exit, screen } = await talk(['apply', '-f', 'recipe.yaml'], { answer: 'n\r', env, columns: 50 });
    expect(exit).toBe(130);
    expect(screen.slice(0, screen.indexOf('Apply '))).not.toContain(`${escapeSign}[3`);
    const plan = screen.slice(screen.indexOf('enable-auth'), screen.indexOf('apply test'));
    expect([...plan].filter((sign) => sign > '~')).toEqual([]);
  });

  it('a step asks too', async () => {
    const { exit, screen } = await talk(['step', 'enable-auth', '-f', 'recipe.yaml'], { answer: 'n\r' });
    expect([exit, await mountExists()]).toEqual([130, false]);
    expect(questionIn(screen)).toBe(`Apply 1 change to ${servers().vaults.openbao.address} (step enable-auth)?`);
    expect(screen).toContain('step enable-auth test: ');
  });

  it('yes does nothing when somebody else wrote meanwhile', async () => {
    const path = `sys/policies/acl/${bench.policy}`;
    const policy = 'path "theirs" { capabilities = ["read"] }';
    const meanwhile = () => bench.vault('POST', path, { policy });
    const { exit, screen } = await talk(['apply', '-f', 'recipe.yaml'], { answer: 'y\r', meanwhile });
    expect([exit, await mountExists()]).toEqual([1, false]);
    expect(screen).toContain('plan-stale');
    expect(screen).toContain('did not exist when the plan was made');
    expect((await bench.vault('GET', path)).body.data.policy).toBe(policy);
    await bench.vault('DELETE', path);
  });

  it('yes does it, proves it and draws the chain', async () => {
    const { exit, screen } = await talk(['apply', '-f', 'recipe.yaml'], { answer: 'y\r' });
    expect([exit, await mountExists()]).toEqual([0, true]);
    expect(screen).toContain('─▶');
    const told = `log in at auth/${bench.mount} as ${bench.role} with a projected token for the audience`;
    expect(screen.replaceAll(/\s+/g, ' ')).toContain(told);
    expect(screen).toContain(`${escapeSign}[32m`);
  });

  it('nothing to do asks nothing', async () => {
    const { exit, screen } = await talk(['apply', '-f', 'recipe.yaml'], { answer: 'n\r' });
    expect([exit, screen.includes('(y/N)')]).toEqual([0, false]);
  });
});
