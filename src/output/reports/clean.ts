import type { FieldChange } from '../../engine/report.ts';
import type { Reported } from './kinds.ts';

/** Controls but tab and line feed, marks that turn or hide text (two joiners, which scripts need, are none), halves of pairs, what is no character. */
const unclean = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu;

/**
 * Names, messages and policies come from recipes and servers, and a recipe may come from a stranger's pull request.
 * Whatever cannot be seen, or makes text look like other text, is shown as U+FFFD in every kind of report.
 */
export function cleaned({ report, files }: Reported, scrub: (text: string) => string): Reported {
  const findings = report.findings.map((one) => ({ ...one, fields: one.fields.map(withoutValues) }));
  const clean = (text: string) => scrub(text.replaceAll('\r\n', '\n')).replace(unclean, '\ufffd');
  return everywhere({ report: { ...report, findings }, files }, clean);
}

/** Sides of a sensitive field are descriptions in brackets; should one ever not be, it is not shown. */
function withoutValues(change: FieldChange): FieldChange {
  if (!change.sensitive) return change;
  const shown: FieldChange = { ...change };
  if ('before' in shown) shown.before = isDescription(shown.before) ? shown.before : '(set)';
  if ('after' in shown) shown.after = isDescription(shown.after) ? shown.after : '(changed)';
  return shown;
}

function isDescription(value: unknown): boolean {
  return typeof value === 'string' && /^\([^()]*\)$/.test(value);
}

function everywhere<T>(value: T, clean: (text: string) => string): T {
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return clean(one);
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [clean(key), walk(inner)]));
  };
  return walk(value) as T;
}
