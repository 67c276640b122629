import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/main.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** In what says that it is a terminal, with nobody at it: a question would wait for ever. */
async function inTerminal(...args: string[]) {
  let text = '';
  const sink = () => {
    const write = (chunk: unknown, _encoding: string, done: () => void) => {
      text += String(chunk);
      done();
    };
    return Object.assign(new Writable({ write }), { isTTY: true });
  };
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const env = { HOME: folder, KUBECONFIG: join(folder, 'none') };
  const io = { env, cwd: folder, stdin, stdout: sink(), stderr: sink(), signal: new AbortController().signal };
  const exit = await run(args, io);
  // Lines are broken between words where the terminal ends.
  return { exit, text: text.replace(/\s+/g, ' ') };
}

describe('--ci', () => {
  it.each([
    ['apply'],
    ['plan'],
    ['verify'],
    ['step', 'bind-role'],
    ['init'],
    ['doctor', '--fix'],
    ['doctor', '--mount', 'x'],
  ])('asks nothing: %s %s %s', async (...args) => {
    const { exit, text } = await inTerminal(...args, '--ci');
    expect(exit, text).toBe(3);
    expect(text).toMatch(/error|✗/);
  });

  it('tells all that is missing at once, and what is wrong with the recipe', async () => {
    const { exit, text } = await inTerminal('apply', '--ci');
    expect(exit).toBe(3);
    for (const missing of ['--yes was not given', 'no recipe was given', 'VAULT_ADDR']) expect(text).toContain(missing);
  });
});
