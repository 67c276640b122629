import { sandboxCommand } from '../../src/cli/sandbox.ts';
import { VaultbindError } from '../../src/errors.ts';

/** The sandbox commands as a program of their own, which tests bundle and start as a process. */
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

const { env, stdin, stdout, stderr } = process;
const io = { env, cwd: process.cwd(), stdin, stdout, stderr, signal: stop.signal };
const command = sandboxCommand({
  io,
  run: async () => 70,
  action:
    (run) =>
    async (...args) => {
      process.exitCode = await run(...args);
    },
});
try {
  await command.parseAsync(process.argv.slice(2), { from: 'user' });
} catch (error) {
  if (!(error instanceof VaultbindError)) throw error;
  stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = error.exit;
}
