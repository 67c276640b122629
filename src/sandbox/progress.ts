import type { Writable } from 'node:stream';

/** What a person sees while servers are fetched, built and started. */
export interface Progress {
  /** One line that stays. */
  say(line: string): void;
  /** Shows `what`, the latest detail and the time gone by for as long as `work` takes, then leaves one line. */
  during<T>(what: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T>;
}

export const silent: Progress = {
  say: () => {},
  during: (_what, work) => work(() => {}),
};

/** A terminal gets one line, rewritten each second; anything else, a dumb terminal too, a plain line, at most one each 10 seconds. */
export function createProgress(
  stream: Writable & { isTTY?: boolean; columns?: number },
  terminal = stream.isTTY === true,
): Progress {
  const clear = terminal ? '\r\x1b[K' : '';
  const say = (line: string) => void stream.write(`${clear}${line}\n`);
  return {
    say,
    async during(what, work) {
      const start = Date.now();
      let latest = '';
      const line = () => [`${what} (${elapsed(start)})`, latest].filter(Boolean).join(': ');
      const show = () => {
        if (terminal) stream.write(`${clear}${line().slice(0, (stream.columns ?? 80) - 1)}`);
        else stream.write(`${line()}\n`);
      };
      if (terminal) show();
      else say(what);
      const timer = setInterval(show, terminal ? 1_000 : 10_000);
      try {
        const result = await work((text) => {
          latest = text;
        });
        if (terminal) say(`${what} (${elapsed(start)})`);
        return result;
      } catch (error) {
        if (terminal) stream.write(clear);
        throw error;
      } finally {
        clearInterval(timer);
      }
    },
  };
}

function elapsed(start: number): string {
  const seconds = Math.floor((Date.now() - start) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
