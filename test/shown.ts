import type { Problem } from '../src/errors.ts';
import { shownFix } from '../src/model/printed.ts';

/** Problems with their commands as people see them. */
export const shown = (problems: Problem[]) =>
  problems.map(({ fix = [], ...problem }) => ({ ...problem, fix: fix.map(shownFix) }));
