import type { Shown } from './ask.ts';
import type { Row } from './proposal.ts';

/** An answer as the page of all answers shows it. */
export async function shownOf({ page, question, values, verdicts, now }: Row): Promise<Shown> {
  const { choices } = await question.offer(now);
  const of = choices.filter(({ value }) => values.includes(value));
  const notes = verdicts.flatMap((verdict) => (verdict && 'note' in verdict ? [verdict.note] : []));
  const says = [...new Set([...of.flatMap(({ says }) => says ?? []), ...notes])];
  const warnings = verdicts.flatMap((verdict, index) =>
    verdict && 'warning' in verdict
      ? [values.length > 1 ? `${values[index]}: ${verdict.warning}` : verdict.warning]
      : [],
  );
  return {
    label: page.role ? `${question.label} ${page.role + 1}` : question.label,
    value: values.map((value) => of.find((one) => one.value === value)?.label ?? value).join(', '),
    ...(says.length > 0 ? { says: says.join('; ') } : {}),
    ...(warnings.length > 0 ? { warning: warnings.join('; ') } : {}),
  };
}
