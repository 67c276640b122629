import type { Writable } from 'node:stream';
import type { Event, Observer, Phase } from '../model/observer.ts';

const verbs: Record<Phase, string> = {
  connect: 'connecting',
  plan: 'looking',
  apply: 'writing',
  'read-back': 'reading back',
  verify: 'proving',
};

/** Milliseconds between two redraws, so that a thousand objects do not flood a terminal. */
const pause = 80;

/**
 * A live line on a terminal (counter and current object), a plain line a phase elsewhere. `clear` before anything else
 * is written: a live line and a question never share the screen. After `end`, what is still in flight draws nothing.
 */
export function progress(
  stream: Writable & { columns?: number },
  { quiet, live }: { quiet: boolean; live: boolean },
): { observer: Observer; clear(): void; end(): void } {
  if (quiet) return { observer: () => undefined, clear: () => undefined, end: () => undefined };
  const state = { done: 0, total: 0, phase: 'connect' as Phase, step: '', drawn: 0, open: false, ended: false };
  const clear = () => {
    if (live && state.open) stream.write('\r\u001b[K');
    state.open = false;
  };
  const draw = (subject: string) => {
    const now = Date.now();
    if (now - state.drawn < pause && state.done < state.total && state.done > 0) return;
    state.drawn = now;
    const text = `${verbs[state.phase]}${state.step} ${state.done}/${state.total} ${subject}`;
    stream.write(`\r\u001b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
    state.open = true;
  };
  const end = () => {
    clear();
    state.ended = true;
  };
  const observer = (event: Event) => {
    if (state.ended) return;
    if (event.type === 'phase') {
      Object.assign(state, {
        done: 0,
        total: event.total,
        phase: event.phase,
        step: event.step ? ` ${event.step}` : '',
      });
      clear();
      if (live) draw('');
      else if (event.total > 50) stream.write(`${verbs[event.phase]}${state.step}: ${event.total}\n`);
      return;
    }
    state.done += 1;
    if (live) draw(event.subject);
  };
  return { observer, clear, end };
}
