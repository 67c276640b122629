import { setTimeout } from 'node:timers/promises';
import { type Fix, VaultbindError } from '../errors.ts';
import { asReason } from '../model/error-values.ts';
import { scrub } from '../secret.ts';
import type { VaultProber } from '../vault/api.ts';

/** What Vault's own log said of one mount while something was tried. */
export type Overheard =
  | { listened: true; lines: string[] }
  /** Not allowed, not known which mount, or not wanted; `because` says which. */
  | { listened: false; because: string; fix?: Fix[]; spared?: true };

/** Whether to listen. */
export interface Ear {
  /** Of the mount; absent: the log cannot be told apart and is not listened to. */
  accessor?: string;
  monitor: boolean;
  /** Without `monitor`: not because nobody wants it, but because others of this mount are listened to. */
  spared?: true;
}

/** A line comes at most a few milliseconds after the answer; the rest is for a busy server. */
const wait = 250;

/** Lines that are kept, and their characters together: what one login leaves in a log is far less. */
const mostLines = 1_000;
const mostCharacters = 1024 * 1024;

/** Characters of the log, other tenants' lines and all. */
const mostHeard = 64 * 1024 * 1024;

/**
 * Listens to sys/monitor at debug level while `attempt` runs. Other tenants' lines pass by too: only those of the
 * kubernetes auth method with this accessor are kept, scrubbed.
 */
export async function overhear<T>(
  vault: VaultProber,
  { accessor, monitor, spared }: Ear,
  attempt: () => Promise<T>,
): Promise<{ result: T; overheard: Overheard }> {
  const deaf = async (because: string, fix?: Fix[]) => ({
    result: await attempt(),
    overheard: { listened: false as const, because, fix, spared },
  });
  if (spared) return await deaf('that of other refused logins at this mount was');
  if (!monitor) return await deaf('--no-monitor was given');
  if (accessor === undefined) return await deaf("the mount's accessor is not known");
  const stream = await open(vault);
  if ('because' in stream) return await deaf(stream.because, stream.fix);
  const lines: string[] = [];
  let listening = true;
  const reading = collect(stream.lines, accessor, lines).then(() => {
    listening = false;
  });
  try {
    const result = await attempt();
    await setTimeout(wait);
    if (lines.length > 0 || listening) return { result, overheard: { listened: true, lines } };
    // Silence is evidence, and nobody heard it.
    return {
      result,
      overheard: { listened: false, because: 'it ended, or was too much, before the login was answered' },
    };
  } finally {
    stream.close();
    await reading;
  }
}

async function open(vault: VaultProber) {
  const stream = await vault.monitor().catch(asReason);
  if (!(stream instanceof VaultbindError)) return stream;
  const [problem] = stream.problems;
  return { because: problem?.message ?? stream.message, fix: problem?.fix ?? [] };
}

async function collect(lines: AsyncIterable<string>, accessor: string, into: string[]): Promise<void> {
  let kept = 0;
  let heard = 0;
  try {
    for await (const line of lines) {
      heard += line.length;
      const text = ofThisMount(line, accessor);
      if (text !== undefined) {
        const one = scrub(text);
        kept += one.length;
        into.push(one);
      }
      if (into.length >= mostLines || kept > mostCharacters || heard > mostHeard) return;
    }
  } catch {
    // The stream ends when it is closed.
  }
}

interface LogLine {
  '@module'?: string;
  '@message'?: string;
  error?: string;
  err?: string;
}

function ofThisMount(line: string, accessor: string): string | undefined {
  if (!line.includes(accessor)) return undefined;
  try {
    const { '@module': module = '', '@message': message = '', error, err } = JSON.parse(line) as LogLine;
    if (!module.endsWith(accessor)) return undefined;
    return [message, messageOf(error ?? err)].filter((part) => part).join(': ');
  } catch {
    return undefined;
  }
}

/** A refusal of the API server arrives as its whole Status object; its message is what a person reads. */
function messageOf(error: string | undefined): string | undefined {
  if (!error?.startsWith('{')) return error;
  try {
    const { kind, message } = JSON.parse(error) as { kind?: string; message?: string };
    return kind === 'Status' && message ? message : error;
  } catch {
    return error;
  }
}
