export const evalShells = ['sh', 'fish'] as const;

export type EvalShell = (typeof evalShells)[number];

/** Lines for `eval "$(…)"`, or `… | source` of fish. Values are quoted, so nothing in them is run. */
export function exportLines(environment: Record<string, string>, shell: EvalShell = 'sh'): string {
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
