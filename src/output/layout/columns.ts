/**
 * How wide a stream shows text: as COLUMNS says, else as its terminal is. Undefined for a file or a pipe, which break
 * no lines.
 */
export function columnsOf(
  env: Record<string, string | undefined>,
  { isTTY, columns }: { isTTY?: boolean; columns?: number },
): number | undefined {
  const said = Number(env['COLUMNS']);
  if (Number.isInteger(said) && said > 0) return said;
  return isTTY === true ? (columns ?? 80) : undefined;
}
