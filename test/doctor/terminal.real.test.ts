import { spawn } from '@lydell/node-pty';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BundledProgram, bundleProgram } from '../sandbox/bundled.ts';
import { type Bench, healthy } from './bench.ts';

let program: BundledProgram;
let bench: Bench;
beforeAll(async () => {
  program = await bundleProgram();
});
afterAll(() => program?.remove());
beforeEach(async () => {
  bench = await healthy('openbao');
  await bench.config({ token_reviewer_jwt: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.eA' });
});
afterEach(() => bench.remove());

/** In a terminal of its own; each question is answered the same. */
function talk(args: string[], answer: string): Promise<{ exit: number; screen: string; questions: number }> {
  const env = { ...bench.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', NO_COLOR: '1' };
  const terminal = spawn(process.execPath, [program.file, ...args], { cwd: bench.folder, env, cols: 200, rows: 200 });
  return new Promise((done) => {
    let screen = '';
    let seen = 0;
    let questions = 0;
    terminal.onData((data) => {
      screen += data;
      const at = screen.indexOf('(y/N)', seen);
      if (at === -1) return;
      seen = screen.length;
      questions += 1;
      terminal.write(answer);
    });
    terminal.onExit(({ exitCode }) => done({ exit: exitCode, screen, questions }));
  });
}

const logsIn = async () => {
  const body = { role: bench.role, jwt: await bench.token() };
  return (await bench.vault('POST', `auth/${bench.mount}/login`, body)).status === 200;
};

describe('doctor in a terminal', () => {
  it('offers a probe for what nothing explains; no is respected', async () => {
    const { exit, screen } = await talk(['doctor', '-f', 'recipe.yaml', '--no-monitor'], 'n\r');
    expect(screen).toContain('Make a scratch mount');
    expect(screen).not.toContain('the login goes through');
    expect(exit).toBe(1);
  });

  it('makes it when the answer is yes, and names the cause', async () => {
    const { exit, screen } = await talk(['doctor', '-f', 'recipe.yaml', '--no-monitor'], 'y\r');
    expect(screen).toMatch(/reviewer-token-revoked/);
    expect(screen).toContain('the login goes through');
    expect(exit).toBe(1);
  });

  it('does not offer one for what is certain', async () => {
    await bench.bind({ bound_service_account_names: ['somebody'] });
    const { exit, questions } = await talk(['doctor', '-f', 'recipe.yaml', '--no-monitor'], 'n\r');
    expect([exit, questions]).toEqual([1, 0]);
  });

  it('--fix shows what it found and what it would write, and writes nothing after no', async () => {
    const { exit, screen } = await talk(['doctor', '-f', 'recipe.yaml', '--fix'], 'n\r');
    expect(screen).toMatch(/reviewer-token-/);
    expect(screen).toContain(`auth/${bench.mount}/config  to write again, although it looks equal`);
    expect(screen).toContain('nothing was written');
    expect([exit, await logsIn()]).toEqual([130, false]);
  });

  it('--fix writes after yes, and says what it wrote', async () => {
    const { exit, screen } = await talk(['doctor', '-f', 'recipe.yaml', '--fix'], 'y\r');
    expect(screen).toContain('updated');
    expect([exit, await logsIn()]).toEqual([0, true]);
  });
});
