import type { Environment } from '../../model/environment.ts';

export const evalShells = ['sh', 'fish'] as const;

export type EvalShell = (typeof evalShells)[number];

/** Lines for `eval "$(…)"`, or `… | source` of fish. Values are quoted, so nothing in them is run. */
export function exportLines(environment: Record<string, string>, shell: EvalShell = 'sh'): string {
  const line = shell === 'fish' ? fishLine : shLine;
  return Object.entries(environment)
    .map(([name, value]) => `${line(name, value)}\n`)
    .join('');
}

/** What takes back those of them that the shell has as they were printed: all others are none of ours. */
export function unsetLines(environment: Record<string, string>, env: Environment, shell: EvalShell = 'sh'): string {
  const held = Object.entries(environment).filter(([name, value]) => env[name] === value);
  const word = shell === 'fish' ? 'set -e' : 'unset';
  return held.length === 0 ? '' : `${word} ${held.map(([name]) => name).join(' ')}\n`;
}

function shLine(name: string, value: string): string {
  return `export ${name}='${value.replaceAll("'", `'\\''`)}'`;
}

function fishLine(name: string, value: string): string {
  return `set -gx ${name} '${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
