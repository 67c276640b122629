import type { FieldChange } from '../../model/report.ts';
import { plain } from '../layout/plain.ts';
import type { Reported } from './reported.ts';

/**
 * Names, messages and policies come from recipes and servers, and a recipe may come from a stranger's pull request.
 * Whatever cannot be seen, or makes text look like other text, is shown as U+FFFD in every kind of report.
 */
export function cleaned({ report, files }: Reported, scrub: (text: string) => string): Reported {
  const findings = report.findings.map((one) => ({ ...one, fields: one.fields.map(withoutValues) }));
  return plain({ report: { ...report, findings }, files }, (text) => scrub(text.replaceAll('\r\n', '\n')));
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
