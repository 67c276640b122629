import type { Asking } from './asking.ts';
import { inParts } from './capabilities.ts';
import { dataOf, strings, succeeded } from './reader.ts';

/** Capabilities of the operator's own token, by API path. Errors: SystemError. */
export async function rightsOn(asking: Asking, paths: string[]): Promise<Record<string, string[]>> {
  return await inParts(paths, (part) => rightsOnPart(asking, part));
}

async function rightsOnPart(asking: Asking, paths: string[]): Promise<Record<string, string[]>> {
  const path = 'sys/capabilities-self';
  const answer = await asking.write(path, { paths }, { repeatable: true });
  if (!succeeded(answer)) throw await asking.refuse({ verb: 'write', path }, answer);
  const data = dataOf(answer) ?? {};
  return Object.fromEntries(paths.map((one) => [one, strings(data[one])]));
}
