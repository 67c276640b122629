import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** The project's own sources, for laws about them. */
export interface Source {
  /** Below src/, e.g. `steps/index.ts`. */
  file: string;
  /** First folder below src/; the file's own name for those that lie in src/ itself. */
  area: string;
  text: string;
  /** The text without comments. */
  code: string;
  imports: Import[];
}

export interface Import {
  /** `file` below src/ for our own, else the package's name. */
  what: string;
  own: boolean;
  /** Erased at build time. */
  type: boolean;
  /** By `import()`, when it is needed. */
  later: boolean;
}

const root = join(import.meta.dirname, '..', 'src');

export function sources(): Source[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const code = withoutComments(text);
      return { file, area: areaOf(file), text, code, imports: importsOf(file, code) };
    });
}

export function areaOf(file: string): string {
  return file.split('/')[0] ?? file;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

const importLine = /^\s*(?:import|export)\s+(type\s+)?(?:[^;'"]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(file: string, code: string): Import[] {
  return [...code.matchAll(importLine)].flatMap(([, type, fixed, dynamic]) => {
    const said = fixed ?? dynamic ?? '';
    if (said.startsWith('node:') || said.endsWith('.json')) return [];
    const own = said.startsWith('.');
    const what = own ? normalize(join(dirname(file), said)) : packageName(said);
    return [{ what, own, type: type !== undefined, later: fixed === undefined }];
  });
}

function packageName(said: string): string {
  return said
    .split('/')
    .slice(0, said.startsWith('@') ? 2 : 1)
    .join('/');
}
