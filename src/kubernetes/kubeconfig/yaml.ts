import { type Document, isScalar, type LineCounter, parseAllDocuments, visit } from 'yaml';
import { InputError } from '../../errors.ts';
import { invalid } from './entry.ts';

/**
 * The YAML of a kubeconfig. Law: it is what kubectl reads (Go's YAML), or it is refused; what Go's YAML refuses and this
 * parser does not is listed here. `npm run fuzz` compares.
 */

/** UTF-8, or UTF-16 with its mark, as kubectl reads it and PowerShell writes it. */
export function kubeconfigText(file: string, bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(invalid(file, `the kubeconfig is no text in ${encoding.toUpperCase()}`));
  }
}

/** Whatever follows the first document is passed over, as kubectl does. */
export function firstDocument(text: string, lineCounter: LineCounter): Document | undefined {
  // kubectl reads YAML 1.1, where `yes` and `on` are booleans.
  const [first] = parseAllDocuments(text, { lineCounter, version: '1.1', prettyErrors: false });
  return first;
}

/** What kubectl would not read, and where it stands. */
export interface Oddity {
  what: string;
  /** Offset in the text. */
  at: number;
}

export function oddityIn(document: Document, text: string): Oddity | undefined {
  const [warning] = document.warnings;
  if (warning) return { what: 'a tag that is not known', at: warning.pos[0] };
  const tab = /^ *\t/m.exec(text.slice(0, document.range?.[2] ?? text.length));
  if (tab) return { what: 'a tab in the indentation', at: tab.index };
  let odd: Oddity | undefined;
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value !== null && key.tag === undefined) return undefined;
      odd = { what: 'a key that is no plain text', at: rangeOf(key) };
      return visit.BREAK;
    },
    Scalar: (_, { type, range }) => {
      const [start = 0, end = 0] = range ?? [];
      if (type !== 'QUOTE_DOUBLE' || !text.slice(start, end).includes('\\/')) return undefined;
      odd = { what: '\\/ in quotes, which YAML 1.1 does not know', at: start };
      return visit.BREAK;
    },
  });
  return odd;
}

function rangeOf(node: unknown): number {
  const { range } = (node ?? {}) as { range?: [number, number, number] };
  return range?.[0] ?? 0;
}

/** References that multiply end here. */
export function resolved(file: string, document: Document): unknown {
  try {
    return document.toJS();
  } catch {
    const at = { file, line: 1, column: 1 };
    throw new InputError(invalid(file, 'it refers to parts of itself too often, or to one that is not there', at));
  }
}
