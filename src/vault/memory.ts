/** Answers of reads, so that each object is asked for once; promises, so that the same read at the same time is one. */
export interface Memory<T> {
  once(key: string, read: () => Promise<T>): Promise<T>;
  /** Forgets every read whose answer a write to `path` could have changed. */
  forget(path: string): void;
  forgetAll(): void;
}

export function createMemory<T>(): Memory<T> {
  const kept = new Map<string, Promise<T>>();
  return {
    once: (key, read) => {
      const known = kept.get(key);
      if (known) return known;
      const answer = read();
      kept.set(key, answer);
      // A failure is told to those who wait for it and to nobody after.
      answer.catch(() => kept.get(key) === answer && kept.delete(key));
      return answer;
    },
    forgetAll: () => kept.clear(),
    forget: (path) => {
      for (const key of kept.keys()) if (concerns(path, key.replace(/^\w+ /, ''))) kept.delete(key);
    },
  };
}

/** The object itself, what lies above it (lists) and below it; a mount also shows in three other places. */
function concerns(written: string, read: string): boolean {
  const mount = /^sys\/(?:mounts\/)?auth\/(.+?)(?:\/tune)?\/?$/i.exec(written)?.[1];
  if (mount === undefined) return related(written, read);
  const places = ['sys/auth', 'sys/mounts', 'sys/internal/ui/mounts', `auth/${mount}`];
  return places.some((place) => related(place, read));
}

function related(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => `${path.toLowerCase().replace(/\/+$/, '')}/`) as [string, string];
  return a.startsWith(b) || b.startsWith(a);
}
