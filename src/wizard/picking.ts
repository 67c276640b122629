import type { Looks } from './theme.ts';

/** One line to choose. */
export interface Entry {
  value: string;
  name: string;
  /** What it means. */
  says?: string;
  /** It cannot be chosen, and why. */
  wrong?: string;
  /** It can be chosen, and what it says is no good news. */
  warned?: true;
}

/** Where a question stands between two keys. */
export interface Picking {
  /** What was typed. */
  term: string;
  /** What is pointed at; undefined: as it comes. */
  at?: number;
  /** Taken already, where several may be. */
  chosen: string[];
  /** Why the last key did nothing. */
  complaint?: string;
}

/** What is asked. */
export interface PickConfig {
  message: string;
  looks: Looks;
  /** Values that Enter alone takes. */
  default?: string;
  /** Several may be taken. */
  many?: boolean;
  /** Where something may be typed: what leads back. */
  typing?: boolean;
  /** How many there are to choose from, whatever is shown of them. */
  total: number;
  /** What there is to choose, after this was typed and these were taken. */
  entries(term: string, chosen: string[]): Promise<Entry[]>;
}

/** What is on the screen. */
export interface Screen {
  picking: Picking;
  entries: Entry[];
}

/** A key, after the line was changed by it. */
export interface Key {
  name: 'enter' | 'up' | 'down' | 'more' | 'erase' | 'other';
  line: string;
}

export type Pressed = { now: Picking } | { done: string[] };

/** Typed alone at any question: the way back. */
export const backKey = '<';

/** Stands for the way back; no value looks like it. */
export const back = '\u0000back';

/**
 * What Enter takes: what is pointed at; else what was typed leaves first; else the default, if there is one. Nothing
 * where the very entry that was typed cannot be chosen.
 */
export function pointedAt(
  entries: Entry[],
  { term, at, chosen }: Picking,
  byDefault: string | undefined,
): number | undefined {
  if (at !== undefined) return at;
  if (term !== '' && entries[0]?.value === term.trim() && entries[0].wrong !== undefined) return undefined;
  const wanted = chosen.length > 0 ? undefined : byDefault;
  const first = entries.findIndex(({ value, wrong }) => wrong === undefined && (term !== '' || value === wanted));
  return first === -1 ? undefined : first;
}

/** What one key comes to, with the entries that belong to what was typed before it. */
export function press(key: Key, before: Picking, entries: Entry[], byDefault: string | undefined): Pressed {
  const { complaint: _old, ...now } = before;
  const at = pointedAt(entries, before, byDefault);
  const entry = at === undefined ? undefined : entries[at];
  if (key.name === 'up' || key.name === 'down') return { now: { ...now, ...moved(entries, at, key.name) } };
  if (key.name === 'more') return { now: entry && entry.value !== back ? added(now, entry) : now };
  if (key.name === 'erase' && now.term === '' && key.line === '')
    return { now: { term: '', chosen: now.chosen.slice(0, -1) } };
  if (key.name !== 'enter') return { now: { term: key.line, chosen: now.chosen } };
  if (entry?.value === back) return { done: [back] };
  if (entry) return { done: [...new Set([...now.chosen, entry.value])] };
  if (now.chosen.length > 0 && now.term === '') return { done: now.chosen };
  return { now: { ...now, complaint: whyNot(entries, now) } };
}

function whyNot(entries: Entry[], { term }: Picking): string {
  if (term === '') return 'nothing is chosen: move with the arrows, or type';
  return entries.find(({ wrong }) => wrong !== undefined)?.wrong ?? 'nothing has that in its name';
}

function added({ chosen }: Picking, { value }: Entry): Picking {
  return { term: '', chosen: [...new Set([...chosen, value])] };
}

/** To the next that can be chosen; where there is none, nowhere. */
function moved(entries: Entry[], at: number | undefined, way: 'up' | 'down'): { at?: number } {
  const can = entries.flatMap(({ wrong }, index) => (wrong === undefined ? [index] : []));
  const next = way === 'down' ? can.find((index) => index > (at ?? -1)) : can.findLast((index) => index < (at ?? 0));
  const stays = next ?? at;
  return stays === undefined ? {} : { at: stays };
}
