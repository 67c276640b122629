/** OpenBao refuses a body of more than about 1,000 strings (`high complexity`). */
const mostPaths = 250;

/**
 * Capabilities by API path, asked in bounded parts: a recipe may name any number of paths, a request may not.
 *
 * @param ask one request; resolves with the capabilities of the paths it is given
 */
export async function inParts(
  paths: readonly string[],
  ask: (part: string[]) => Promise<Record<string, string[]>>,
): Promise<Record<string, string[]>> {
  const parts = Array.from({ length: Math.ceil(paths.length / mostPaths) }, (_, index) =>
    paths.slice(index * mostPaths, (index + 1) * mostPaths),
  );
  return Object.assign({}, ...(await Promise.all(parts.map(ask))));
}
