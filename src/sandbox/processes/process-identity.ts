import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { pause } from './interrupt.ts';

/** A process id alone may be given to another process later; with the moment of its start it names one process for ever. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the system's own words; only ever compared. */
  started: string;
}

/** Undefined when there is no such process, or it has ended and only waits to be collected. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = existsSync('/proc/self/stat') ? startFromProc(pid) : startFromPs(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isAlive(process: ProcessIdentity): boolean {
  return identify(process.pid)?.started === process.started;
}

/** Ends the process politely, after 5 seconds by force. A process that merely got the same id is left alone. */
export async function endProcess(target: ProcessIdentity): Promise<void> {
  signalProcess(target, 'SIGTERM');
  const end = Date.now() + 5_000;
  while (isAlive(target)) {
    if (Date.now() > end) signalProcess(target, 'SIGKILL');
    await pause(20);
  }
}

export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${bootId()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Start times count from the boot, so after a reboot an old one may fit another process. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
