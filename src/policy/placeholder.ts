import { scan, type Token } from './reading/scan.ts';

/** In a policy of a recipe this stands for the accessor of the recipe's mount. */
export const placeholder = '${accessor}';

/** Accessors as servers make them: nothing in one has a meaning inside a string or a path. */
export const accessorForm = /^[A-Za-z0-9_-]+$/;

/**
 * Law: the placeholder is put into string tokens and nowhere else, so no text can change how the rest is read. Comments
 * stay as they are. For texts that are read with certainty alone.
 */
export function filled(text: string, accessor: string): string {
  if (!text.includes(placeholder)) return text;
  const lines = text.replaceAll('\r\n', '\n');
  const parts: string[] = [];
  let done = 0;
  for (const token of scan(lines, isJson(lines)).filter(holdsPlaceholder)) {
    parts.push(lines.slice(done, token.offset), token.raw.replaceAll(placeholder, accessor));
    done = token.offset + token.raw.length;
  }
  return parts.join('') + lines.slice(done);
}

/** Whether there is one to fill. For texts that are read with certainty alone. */
export function hasPlaceholder(text: string): boolean {
  if (!text.includes(placeholder)) return false;
  const lines = text.replaceAll('\r\n', '\n');
  return scan(lines, isJson(lines)).some(holdsPlaceholder);
}

/** As the servers tell HCL from its JSON form. */
export function isJson(text: string): boolean {
  return text.trimStart().startsWith('{');
}

function holdsPlaceholder({ type, raw }: Token): boolean {
  return type === 'string' && raw.includes(placeholder);
}
