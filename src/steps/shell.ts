/** One word for a POSIX shell, quoted when it must be. */
export function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command that feeds `text` to another one's standard input. */
export function heredoc(command: string, text: string): string {
  return `${command} <<'EOF'\n${text.trimEnd()}\nEOF`;
}
