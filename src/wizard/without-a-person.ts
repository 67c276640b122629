import type { Nobody } from './ask.ts';

/** For `init --yes`: defaults are taken, and what only a person can decide stays open. */
export function nobody(tell: Nobody['tell']): Nobody {
  return {
    somebody: false,
    tell,
    text: async () => undefined,
    hidden: async () => undefined,
    choice: async (_message, [first]) => {
      if (!first) throw new Error('bug: a choice of nothing');
      return first.value;
    },
  };
}
