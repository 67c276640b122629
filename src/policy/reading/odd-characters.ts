/** Control characters but tab and line feed; what stands for broken text; what HCL's own parser keeps for itself. */
const odd = /(?![\t\n])\p{Cc}|[\ufffd\ufeff\ue123]|\p{Cs}/u;

export interface OddCharacter {
  /** Where in the text, in UTF-16 units. */
  index: number;
  /** As messages show it: U+000D. */
  name: string;
}

/** The first character that not every reader of policies takes for the same. */
export function oddCharacter(text: string): OddCharacter | undefined {
  const found = odd.exec(text);
  if (!found) return undefined;
  const code = found[0].codePointAt(0) ?? 0;
  return { index: found.index, name: `U+${code.toString(16).toUpperCase().padStart(4, '0')}` };
}
