import { back, backKey, type Entry } from './picking.ts';
import type { Choice, Offer, Verdict } from './question.ts';

/** Each is judged, so a list is not endless: who looks for more types a part of it. */
const mostJudged = 50;

/**
 * What matches what was typed. Where anything may be typed, that itself too: before all that only contain it if it can be
 * chosen, so that nothing else is taken for it; else last, or what was probably meant.
 */
export async function entriesOf(
  { choices, open, default: first }: Offer,
  judge: (value: string) => Promise<Verdict | undefined>,
  term: string,
  chosen: string[],
): Promise<Entry[]> {
  if (term === backKey) return [{ value: back, name: '(back)' }];
  const left = choices.filter(({ value }) => !chosen.includes(value));
  const best = term === '' ? first : term;
  const ordered = left.toSorted((a, b) => Number(b.value === best) - Number(a.value === best));
  const matching = ordered.filter(({ value, label }) =>
    `${value} ${label ?? ''}`.toLowerCase().includes(term.toLowerCase()),
  );
  const isNew = open && term !== '' && !left.some(({ value }) => value === term);
  const typed = isNew ? await entryOf({ value: term }, judge) : [];
  const entries = await Promise.all(matching.slice(0, mostJudged).map((one) => entryOf(one, judge)));
  const canBe = typed.some(({ value, wrong }) => value === term && wrong === undefined);
  return canBe ? [...typed, ...entries.flat()] : [...entries.flat(), ...typed];
}

async function entryOf(choice: Choice, judge: (value: string) => Promise<Verdict | undefined>): Promise<Entry[]> {
  const { value, label: name = value, says } = choice;
  const verdict = await judge(value);
  if (verdict && 'wrong' in verdict) {
    const { wrong, instead } = verdict;
    const bad = { value, name, wrong };
    if (instead === undefined) return [bad];
    const better = await judge(instead);
    return better && 'wrong' in better ? [bad] : [{ value: instead, name: instead, says: `instead of ${value}` }, bad];
  }
  const note = verdict && 'note' in verdict ? verdict.note : undefined;
  const warning = verdict && 'warning' in verdict ? verdict.warning : undefined;
  const text = [...new Set([warning, says, note].filter((one) => one !== undefined))].join('; ');
  return [{ value, name, ...(text === '' ? {} : { says: text }), ...(warning === undefined ? {} : { warned: true }) }];
}
