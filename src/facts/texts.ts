/** A list of strings as Vault sends it; anything else is empty. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
