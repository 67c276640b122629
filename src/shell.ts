/** A word of a command to copy, quoted where a POSIX shell would read it otherwise: names come from recipes and servers. */
export function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A command that feeds `text` to another one's standard input, and what comes out of it on to a third. The text may come
 * from anybody's recipe, so no line of it may end it.
 */
export function heredoc(command: string, text: string, into?: string): string {
  const lines = text.trimEnd().split('\n');
  let end = 'EOF';
  while (lines.includes(end)) end = `${end}_`;
  const pipe = into === undefined ? '' : ` | ${into}`;
  return `${command} <<'${end}'${pipe}\n${lines.join('\n')}\n${end}`;
}
