const seconds: Record<string, number> = { d: 86_400, h: 3_600, m: 60, s: 1 };
const longest = 100 * 365 * 86_400;

export const durationForm = /^(?=[0-9])(?:[0-9]+|(?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?)$/;

/** Seconds of `24h`, `90s`, `1h30m`, `2d`, `3600` or 3600; undefined for anything else. */
export function parseDuration(value: string | number): number | undefined {
  const total = typeof value === 'number' ? value : parseText(value);
  return total !== undefined && Number.isInteger(total) && total >= 0 && total <= longest ? total : undefined;
}

/** What was probably meant by a text that is no duration, e.g. `24 H`, `1.5h`, `2w`, `10 minutes`. */
export function nearestDuration(text: string): string | undefined {
  const found = /^\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]+)\s*$/i.exec(text);
  const size = unitOf(found?.[2]?.toLowerCase() ?? '');
  const total = Math.round(Number(found?.[1]) * (size ?? Number.NaN));
  return Number.isInteger(total) && total <= longest ? printDuration(total) : undefined;
}

export function printDuration(total: number): string {
  const unit = ['h', 'm'].find((one) => total > 0 && total % (seconds[one] ?? 1) === 0) ?? 's';
  return `${total / (seconds[unit] ?? 1)}${unit}`;
}

function parseText(text: string): number | undefined {
  if (!durationForm.test(text)) return undefined;
  if (/^[0-9]+$/.test(text)) return Number(text);
  return [...text.matchAll(/([0-9]+)([dhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (seconds[unit ?? 's'] ?? 1),
    0,
  );
}

function unitOf(word: string): number | undefined {
  if (word.startsWith('w')) return 7 * 86_400;
  if (word === 'mo' || word.startsWith('month') || word === 'ms') return undefined;
  return seconds[word[0] ?? ''];
}
