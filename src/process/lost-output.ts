import type { Writable } from 'node:stream';

/** What became of a stream's output. */
export interface OutputStream {
  /** Waits for what is still on its way. Answers why some of it could not be written. */
  ended(): Promise<Error | undefined>;
}

/**
 * A reader that goes away, or a full disk, ends the output and not the run: what was begun in Vault has to come to its
 * end, and the login's token with it.
 */
export function heldOpen(stream: Writable): OutputStream {
  let lost: Error | undefined;
  stream.on('error', (error) => {
    lost ??= error;
  });
  return {
    ended: async () => {
      if (stream.writableLength > 0) await flushed(stream);
      // The error of a write comes after the write.
      await new Promise((done) => setImmediate(done));
      return lost;
    },
  };
}

/** A pipe may still hold what was written. */
function flushed(stream: Writable): Promise<void> {
  return new Promise((done) => stream.write('', () => done()));
}

/** Nobody misses what a reader did not want, as with `| head`. */
export function isReaderGone(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || code === 'ECONNRESET';
}

/** The sentence on stderr. */
export function lostText(error: Error): string {
  const { code = error.message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOSPC' ? 'no space left on the device' : code;
  return `error: the output could not all be written to stdout (${reason}); the run itself came to its end\n`;
}
