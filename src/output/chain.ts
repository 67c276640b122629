import type { Chain, LinkStatus } from '../model/report.ts';
import type { Brush } from './layout/paint.ts';

const marks: Record<LinkStatus, [unicode: string, ascii: string]> = {
  ok: ['✓', 'ok'],
  asked: ['?', '?'],
  warning: ['!', '!'],
  failed: ['✗', 'x'],
  unknown: ['·', '.'],
};

/** The way from an account to its secret with a mark under each link; broken into lines that fit. */
export function drawChain(chain: Chain, brush: Brush, width: number): string[] {
  const arrow = ` ${brush.arrow} `;
  const rows: Chain['links'][] = [];
  let used = 0;
  for (const link of chain.links) {
    const room = link.subject.length + arrow.length;
    const row = rows.at(-1);
    if (row && used + room <= width) {
      row.push(link);
      used += room;
    } else {
      rows.push([link]);
      used = room;
    }
  }
  return rows.flatMap((row, index) => drawRow(row, brush, arrow, index < rows.length - 1));
}

function drawRow(row: Chain['links'], brush: Brush, arrow: string, more: boolean): string[] {
  const subjects = row.map(({ subject }) => subject).join(arrow) + (more ? arrow.trimEnd() : '');
  const under = row
    .map(({ subject, status }) => centred(mark(status, brush), subject.length))
    .join(' '.repeat(arrow.length));
  return [subjects, under.trimEnd()];
}

interface Mark {
  shown: string;
  length: number;
}

function mark(status: LinkStatus, { chalk, unicode }: Brush): Mark {
  const text = marks[status][unicode ? 0 : 1];
  const paint = { ok: chalk.green, asked: chalk.cyan, warning: chalk.yellow, failed: chalk.red, unknown: chalk.dim }[
    status
  ];
  return { shown: paint(text), length: text.length };
}

function centred({ shown, length }: Mark, width: number): string {
  const left = Math.max(0, Math.floor((width - length) / 2));
  return ' '.repeat(left) + shown + ' '.repeat(Math.max(0, width - left - length));
}
