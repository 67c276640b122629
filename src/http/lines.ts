import type { Readable } from 'node:stream';
import { longestLine, tooLarge } from './body.ts';
import type { TransportError } from './transport.ts';

/** The lines of a body as they arrive. Ends quietly when `signal` fires by `close`; throws what `explain` makes of a break. */
export async function* linesOf(
  body: Readable,
  signal: AbortSignal,
  explain: (error: unknown) => TransportError,
  close: () => void,
): AsyncGenerator<string> {
  let rest = '';
  body.setEncoding('utf8');
  try {
    for await (const chunk of body) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > longestLine) throw tooLarge(`a line is longer than ${longestLine} characters`);
      yield* lines.map(withoutReturn);
    }
    if (rest !== '') yield withoutReturn(rest);
  } catch (error) {
    const closedByReader = signal.aborted && explain(error).kind === 'other';
    if (!closedByReader) throw explain(error);
  } finally {
    close();
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
