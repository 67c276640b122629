/** A word of a command to copy, quoted where a shell would read it otherwise: names come from recipes and servers. */
export function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
