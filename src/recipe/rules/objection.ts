import type { Code } from '../../codes.ts';
import type { Position } from '../../errors.ts';
import type { Path } from '../source/place.ts';

/** What a rule found. */
export interface Objection {
  severity: 'error' | 'warning';
  code: Code;
  path: Path;
  /** Default: at the value. */
  part?: 'key' | 'value';
  message: string;
  /** One sentence. */
  fix?: string;
  /** When it stands elsewhere than `path`: in a file that the recipe names, or inside a block. */
  at?: Position;
  /** The other place, when two parts clash; named in the message. */
  first?: Path;
  /** Rests on other parts of the recipe: not said while any of it holds mistakes, since it may follow from them. */
  derived?: true;
  /** Indexes of the policies it was judged by: what is doubtful in them may explain it, and is told with it. */
  judgedBy?: number[];
}

export function wrong(code: Code, path: Path, message: string, fix?: string): Objection {
  return { severity: 'error', code, path, message, fix };
}

export function doubtful(path: Path, message: string, fix?: string, code: Code = 'recipe-suspicious'): Objection {
  return { severity: 'warning', code, path, message, fix };
}
