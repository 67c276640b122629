import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * Waits for the end of its input, which the system closes however the parent ends, also by SIGKILL; then ends the
 * process group, unless its leader has ended meanwhile and another process got the id.
 */
const waitAndEnd = `
started() { cut -d ' ' -f 22 "/proc/$1/stat" 2>/dev/null || ps -o lstart= -p "$1"; }
first=$(started "$1")
while read -r line; do :; done
[ -n "$first" ] && [ "$(started "$1")" = "$first" ] && kill -9 "-$1"
`;

const guardians = new Map<number, () => void>();

/** From now on the process group `leader` ends when this process does, whatever ends it. */
export function guard(leader: number): void {
  const child = spawn('/bin/sh', ['-c', waitAndEnd, 'sh', String(leader)], {
    // A group of its own: what is sent to ours, such as the terminal's Ctrl-C, must not end it first.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => {});
  child.unref();
  // The pipe must not keep this process alive; it is a socket underneath.
  (child.stdin as Socket).unref();
  guardians.set(leader, () => child.kill('SIGKILL'));
}

/** The group has ended, or may go on without us. */
export function release(leader: number): void {
  guardians.get(leader)?.();
  guardians.delete(leader);
}
