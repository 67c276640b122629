import {
  createPrompt,
  isEnterKey,
  isTabKey,
  type KeypressEvent,
  useEffect,
  useKeypress,
  useRef,
  useState,
} from '@inquirer/core';
import { pickText } from './pick-text.ts';
import { type Entry, type Key, type PickConfig, type Picking, press, type Screen } from './picking.ts';

type Line = Parameters<Parameters<typeof useKeypress>[0]>[1];

/**
 * A question with entries to choose from. Keys are taken in the order they came, each with the entries that belong to what
 * was typed before it, however fast they come: a pasted `<` and Enter is the way back.
 */
export const pick = createPrompt<string[], PickConfig>((config, done) => {
  const [screen, show] = useState<Screen>({ picking: { term: '', chosen: [] }, entries: [] });
  const [answer, setAnswer] = useState<string[]>();
  const keys = useRef<Promise<Screen | undefined>>(Promise.resolve(undefined));
  const typed = useRef('');
  const names = useRef<Key['name'][]>([]);
  useEffect(() => {
    keys.current = config.entries('', []).then((entries) => {
      const first = { ...screen, entries };
      show(first);
      return first;
    });
  }, []);
  useKeypress((event, line) => {
    const name = nameOf(event, config);
    // Enter empties the line, and the other three may put another one there.
    if (name === 'other' || name === 'erase') typed.current = line.line;
    else restore(line, typed.current);
    const key = { name, line: typed.current };
    const number = names.current.push(name);
    keys.current = keys.current.then(async (before) => {
      if (!before) return undefined;
      // Of a paste only what it comes to is looked at.
      if (name === 'other' && names.current[number] === 'other') return before;
      const pressed = press(key, before.picking, before.entries, config.default);
      if ('done' in pressed) {
        restore(line, '');
        setAnswer(pressed.done);
        done(pressed.done);
        return undefined;
      }
      const { now } = pressed;
      if (name === 'more') {
        typed.current = now.term;
        restore(line, now.term);
      }
      const after = { picking: now, entries: await entriesAfter(config, now, before) };
      show(after);
      return after;
    });
  });
  return pickText(config, screen, answer);
});

async function entriesAfter({ entries }: PickConfig, now: Picking, before: Screen): Promise<Entry[]> {
  const same = now.term === before.picking.term && now.chosen.length === before.picking.chosen.length;
  return same ? before.entries : await entries(now.term, now.chosen);
}

/** What the keyboard's line holds. */
function restore(line: Line, text: string): void {
  line.clearLine(0);
  if (text !== '') line.write(text);
}

function nameOf(event: KeypressEvent, { many }: PickConfig): Key['name'] {
  if (isEnterKey(event)) return 'enter';
  if (event.name === 'up' || event.name === 'down') return event.name;
  if (isTabKey(event)) return many ? 'more' : 'other';
  return event.name === 'backspace' ? 'erase' : 'other';
}
