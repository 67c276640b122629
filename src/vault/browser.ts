import { isMissing, stringsIn } from './answers/answers.ts';
import type { VaultBrowser } from './api.ts';
import type { Asking } from './asking.ts';
import { dataOf, succeeded } from './reader.ts';
import { rightsOn } from './rights.ts';

export function createBrowser(asking: Asking): VaultBrowser {
  return {
    names: async (path) => {
      const answer = await asking.list(path);
      if (isMissing(answer)) return [];
      if (!succeeded(answer)) throw await asking.refuse({ verb: 'list', path }, answer);
      return stringsIn(dataOf(answer)?.['keys']);
    },
    rights: (paths) => rightsOn(asking, paths),
  };
}
