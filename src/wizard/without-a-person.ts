import type { Ask } from './ask.ts';

/** For `init --yes`: defaults are taken, and what only a person can decide stays open. */
export function nobody(tell: Ask['tell']): Ask {
  return {
    somebody: false,
    tell,
    question: async ({ choose }, offer) =>
      choose || offer.default === undefined ? 'unknown' : { values: [offer.default] },
    text: async () => undefined,
    hidden: async () => undefined,
    choice: async (_message, [first]) => {
      if (!first) throw new Error('bug: a choice of nothing');
      return first.value;
    },
  };
}
