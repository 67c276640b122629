import { authAddress } from '../model/addresses.ts';
import { recall } from '../model/recall.ts';
import { withoutTrailingSlashes } from '../model/trailing.ts';

/** Answers of reads, so that each object is asked for once; promises, so that the same read at the same time is one. */
export interface VaultMemory<T> {
  /** `key` is a verb and a path: `read auth/kubernetes/config`. */
  once(key: string, read: () => Promise<T>): Promise<T>;
  /** The answer, if there is one already. */
  known(key: string): T | undefined;
  /** Forgets every read whose answer a write to `path` could have changed. */
  forget(path: string): void;
  forgetAll(): void;
}

/** What was read at a path and below it: a thousand writes among a thousand reads must not look at all of them each. */
interface Shelf<T> {
  answers: Map<string, Promise<T>>;
  below: Map<string, Shelf<T>>;
}

export function createVaultMemory<T>(): VaultMemory<T> {
  const root = emptyShelf<T>();
  const arrived = new WeakMap<Promise<T>, T>();
  return {
    known: (key) => {
      const answer = shelfOf(root, key.replace(/^\w+ /, '')).answers.get(key);
      return answer && arrived.get(answer);
    },
    once: (key, read) => {
      const { answers } = shelfOf(root, key.replace(/^\w+ /, ''));
      return recall(answers, key, () => {
        const answer = read();
        answer.then(
          (value) => arrived.set(answer, value),
          () => undefined,
        );
        return answer;
      });
    },
    forgetAll: () => empty(root),
    forget: (path) => {
      for (const place of placesOf(path)) forgetAt(root, place);
    },
  };
}

/** A mount also shows in three other places. */
function placesOf(written: string): string[] {
  const mount = /^sys\/(?:mounts\/)?auth\/(.+?)(?:\/tune)?\/?$/i.exec(written)?.[1];
  return mount === undefined ? [written] : ['sys/auth', 'sys/mounts', 'sys/internal/ui/mounts', authAddress(mount)];
}

/** The object itself, what lies above it (lists) and below it. */
function forgetAt<T>(root: Shelf<T>, path: string): void {
  let shelf: Shelf<T> | undefined = root;
  for (const part of partsOf(path)) {
    shelf.answers.clear();
    shelf = shelf.below.get(part);
    if (!shelf) return;
  }
  empty(shelf);
}

function shelfOf<T>(root: Shelf<T>, path: string): Shelf<T> {
  return partsOf(path).reduce((shelf, part) => {
    const next = shelf.below.get(part) ?? emptyShelf<T>();
    shelf.below.set(part, next);
    return next;
  }, root);
}

/** Vault folds the case of most names, and a list may be asked for with a slash at its end. */
function partsOf(path: string): string[] {
  return withoutTrailingSlashes(path.toLowerCase()).split('/');
}

function emptyShelf<T>(): Shelf<T> {
  return { answers: new Map(), below: new Map() };
}

function empty<T>(shelf: Shelf<T>): void {
  shelf.answers.clear();
  shelf.below.clear();
}
