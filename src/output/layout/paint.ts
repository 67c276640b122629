import { Chalk, type ChalkInstance } from 'chalk';
import type { Status } from '../../model/report.ts';
import { columnsOf } from './columns.ts';

/** How text may look where it is going. */
export interface Style {
  color: boolean;
  /** False: the terminal's locale is not UTF-8, so ASCII stands for the signs. */
  unicode: boolean;
  /** Columns. */
  width: number;
  /** A terminal: lines are broken between words. */
  wraps: boolean;
  /** Show what is in place one by one, however many. */
  verbose: boolean;
  /** Show all of a kind, however many; absent: the first ten. */
  full?: boolean;
  /** Whoever reads has seen the fields already. */
  brief?: boolean;
}

export interface Brush {
  chalk: ChalkInstance;
  /** A change of what exists has another sign than a new object. */
  sign(status: Status, code?: string): string;
  /** `─▶` or `->`. */
  arrow: string;
  /** Between parts of a line: ` · ` or `, `. */
  between: string;
  unicode: boolean;
}

const signs: Record<Status, [unicode: string, ascii: string]> = {
  ok: ['✓', 'ok'],
  asked: ['?', '?'],
  created: ['+', '+'],
  updated: ['~', '~'],
  pending: ['+', '+'],
  warning: ['!', '!'],
  failed: ['✗', 'x'],
  skipped: ['·', '.'],
  blocked: ['✗', 'x'],
};

/** chalk looks at the terminal by itself and knows no NO_COLOR, so its level is set here and nowhere else. */
export function brush({ color, unicode }: Style): Brush {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const colors: Record<Status, ChalkInstance> = {
    ok: chalk.green,
    asked: chalk.cyan,
    created: chalk.green,
    updated: chalk.yellow,
    pending: chalk.cyan,
    warning: chalk.yellow,
    failed: chalk.red,
    skipped: chalk.dim,
    blocked: chalk.red,
  };
  return {
    chalk,
    sign: (said, code) => {
      const status = said === 'pending' && code === 'to-update' ? 'updated' : said;
      return colors[status](signs[status][unicode ? 0 : 1]);
    },
    arrow: unicode ? '─▶' : '->',
    between: unicode ? ' · ' : ', ',
    unicode,
  };
}

/** What the environment and the stream say: NO_COLOR, FORCE_COLOR, TERM=dumb, the locale. */
export function styleOf(
  env: Record<string, string | undefined>,
  stream: { isTTY?: boolean; columns?: number },
  verbose: boolean,
): Style {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  const color = !env['NO_COLOR'] && (forced || (stream.isTTY === true && env['TERM'] !== 'dumb'));
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  const unicode =
    locale === undefined || locale === '' ? stream.isTTY !== true || env['TERM'] !== 'linux' : /utf-?8/i.test(locale);
  const wraps = stream.isTTY === true;
  return { color, unicode, width: (wraps ? columnsOf(env, stream) : undefined) ?? 100, wraps, verbose };
}
