const units: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, μs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Seconds of a duration as the servers read it: `90`, `"90"`, `"2d"`, `"1h30m"`; undefined when it is none. */
export function seconds(value: string | number): number | undefined {
  if (typeof value === 'number') return Math.trunc(value);
  if (value === '') return 0;
  if (/^[+-]?\d+$/.test(value)) return Number(value);
  const days = /^([+-]?\d+)d$/.exec(value);
  if (days) return Number(days[1]) * 86_400;
  const parts = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(value);
  if (!parts) return value === '0' ? 0 : undefined;
  let total = 0;
  for (const [, amount, unit = ''] of (parts[2] ?? '').matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(amount) * (units[unit] ?? 0);
  }
  return parts[1] === '-' ? -total : total;
}

/** Seconds since 1970 of `2027-01-01T00:00:00Z` or of digits; undefined when it is neither. */
export function instant(value: string): number | undefined {
  if (/^[+-]?\d+$/.test(value)) return Number(value);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value)) return undefined;
  const milliseconds = Date.parse(value.replace(',', '.'));
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
