export const shells = ['sh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/** Lines for `eval "$(…)"`, or `… | source` of fish. Values are quoted, so nothing in them is run. */
export function exportLines(environment: Record<string, string>, shell: Shell = 'sh'): string {
  const line = shell === 'fish' ? fishLine : shLine;
  return Object.entries(environment)
    .map(([name, value]) => `${line(name, value)}\n`)
    .join('');
}

function shLine(name: string, value: string): string {
  return `export ${name}='${value.replaceAll("'", `'\\''`)}'`;
}

function fishLine(name: string, value: string): string {
  return `set -gx ${name} '${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
