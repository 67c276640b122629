import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.ts';
import { workUntil } from '../../src/model/work.ts';

/** The calls of vaultbind in the scripts of a pipeline, in words. */
export function callsIn(script: string): string[][] {
  const lines = script.replaceAll('\\\n', ' ').split('\n');
  return lines.flatMap((line) => {
    const [, call] = /^\s*vaultbind ([^|;&]*)/.exec(line) ?? [];
    return call === undefined ? [] : [call.trim().split(/\s+/)];
  });
}

/** What of a call the program does not know. */
export async function unknownIn([name = '', ...words]: string[]): Promise<string[]> {
  const sink = new PassThrough();
  const { signal } = new AbortController();
  const io = { env: {}, cwd: '/', stdin: sink, stdout: sink, stderr: sink, signal, work: workUntil(signal) };
  const nothing = () => Promise.reject(new Error('nothing is run'));
  const context = { io, program: nothing, action: () => async () => undefined, run: async () => 0 as const };
  const program = await buildProgram([name], context);
  const command = program.commands.find((one) => one.name() === name);
  return command ? words.filter((word) => isUnknown(command, word)) : [name];
}

function isUnknown(command: Command, word: string): boolean {
  return word.startsWith('-') && !command.options.some(({ long, short }) => word === long || word === short);
}
