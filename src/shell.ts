/** A word of a command to copy, quoted where a POSIX shell would read it otherwise: names come from recipes and servers. */
export function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command that feeds `text` to another one's standard input. */
export function heredoc(command: string, text: string): string {
  return `${command} <<'EOF'\n${text.trimEnd()}\nEOF`;
}
