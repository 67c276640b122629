import { closeSync, existsSync, openSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../package/packed.ts';
import { buildProgram, startProgram } from '../servers/child.ts';

beforeAll(buildProgram, 60_000);

const settings = { env: {}, cwd: root };

describe('a process', () => {
  it.each([[['schema', 'report']], [['--help']]])('whose reader goes away ends as it would, %j', async (args) => {
    const child = startProgram(args, settings);
    child.deaf();
    expect(await child.ended).toMatchObject({ exit: 0, signal: null });
  });

  it.runIf(existsSync('/dev/full')).each([[['schema', 'report']], [['--help']]])(
    'whose stdout is full says so, %j',
    async (args) => {
      const stdout = openSync('/dev/full', 'w');
      const { exit, stderr } = await startProgram(args, { ...settings, stdout }).ended;
      closeSync(stdout);
      expect(exit).toBe(74);
      expect(stderr).toBe(
        'error: the output could not all be written to stdout (no space left on the device); the run itself came to its end\n',
      );
    },
  );
});
