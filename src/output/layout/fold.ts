import type { Finding, Status } from '../../model/report.ts';
import { changeOf, kindOf } from '../kinds.ts';
import { count } from './count.ts';
import { grouped } from './grouped.ts';
import type { Style } from './paint.ts';

/** In place of many findings: how many, and what is the case with them. */
interface Told {
  status: Status;
  /** Absent: of several codes. */
  code?: Finding['code'];
  told: string;
}

/** More than this of one step that are well are counted, not listed. */
const mostListed = 8;
/** So many of a kind are listed, and the others counted. */
const mostOfAKind = 10;

/**
 * The findings of a step that are listed, and what is said in place of the others. `full` lists all that is not well, `verbose` all.
 *
 * @param whole the flag by which this command lists all
 */
export function folded(findings: Finding[], { verbose, full }: Style, whole: string): (Finding | Told)[] {
  if (verbose) return findings;
  const well = grouped(findings.filter(isWell), wellKind).filter(([, ones]) => ones.length > mostListed);
  const hidden = new Set(well.flatMap(([, ones]) => ones));
  const kinds = grouped(
    findings.filter((one) => !isWell(one)),
    (one) => [one.status, one.code, kindOf(one.subject, true)].join(),
  ).filter(([, ones]) => !full && ones.length > mostOfAKind);
  const instead = new Map(kinds.map(([, ones]) => [ones[mostOfAKind - 1], ones.slice(mostOfAKind)]));
  for (const left of instead.values()) for (const one of left) hidden.add(one);
  return [
    ...findings
      .filter((one) => !hidden.has(one))
      .flatMap((one) => {
        const left = instead.get(one);
        return left ? [one, more(left, whole)] : [one];
      }),
    ...well.map(([, ones]) => counted(ones)),
  ];
}

/** Those that nothing is to be said of are one kind, whatever they are. */
function wellKind({ status, code, subject }: Finding): string {
  return status === 'asked' || !/ as auth\//.test(subject) ? status : `${status} ${code}`;
}

function isWell({ status }: Finding): boolean {
  return status === 'ok' || status === 'asked';
}

/** As the lines say that are listed. */
const changeWords: Partial<Record<Finding['code'], string>> = { 'to-update': 'to update', updated: 'updated' };

function more(left: Finding[], whole: string): Told {
  const [first] = left;
  const many = left.length > 1;
  const what = first && (changeWords[first.code] ?? changeOf(first) ?? first.code);
  const kind = first === undefined || first.subject === '' ? '' : ` ${kindOf(first.subject, many)}`;
  return {
    status: first?.status ?? 'skipped',
    ...(first && { code: first.code }),
    told: `and ${count(left.length)} more${kind}: ${what} (${whole} lists them)`,
  };
}

function counted(ones: Finding[]): Told {
  const number = count(ones.length);
  const [{ status, code, subject } = { status: 'ok' as const, code: '', subject: '' }] = ones;
  if (status === 'asked') return { status, told: `${number} asked only, not tried` };
  if (!/ as auth\//.test(subject)) return { status, told: `${number} in place` };
  return { status, told: `${number} ${code === 'login-refused' ? 'refused, as they should be' : 'log in'}` };
}
