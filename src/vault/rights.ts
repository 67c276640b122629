import { z } from 'zod';
import { oddVaultAnswer } from './answers/odd.ts';
import type { Asking } from './asking.ts';
import { inParts } from './capabilities.ts';
import type { VaultAnswer } from './node-vault.ts';
import { dataOf, succeeded } from './reader.ts';

/** Capabilities of the operator's own token, by API path. Errors: SystemError. */
export async function rightsOn(asking: Asking, paths: string[]): Promise<Record<string, string[]>> {
  return await inParts(paths, (part) => rightsOnPart(asking, part));
}

async function rightsOnPart(asking: Asking, paths: string[]): Promise<Record<string, string[]>> {
  const path = 'sys/capabilities-self';
  const answer = await asking.write(path, { paths }, { repeatable: true });
  if (!succeeded(answer)) throw await asking.refuse({ verb: 'write', path }, answer);
  return heldCapabilities(asking, answer, paths, path);
}

const words = z.array(z.string()).min(1);

/**
 * What an answer of sys/capabilities-… says of each path. Vault names every path it was asked for, with at least `deny`:
 * silence about one is no refusal, and no consent.
 * @throws SystemError vault-answer-odd
 */
export function heldCapabilities(
  { connection: { address } }: Asking,
  answer: VaultAnswer,
  paths: string[],
  asked: string,
): Record<string, string[]> {
  const data = dataOf(answer) ?? {};
  const said = paths.map((path) => {
    const told = words.safeParse(Object.hasOwn(data, path) ? data[path] : undefined);
    if (told.success) return [path, told.data] as const;
    throw oddVaultAnswer(address, 'write', asked, `it does not say what may be done at ${path}`);
  });
  return Object.fromEntries(said);
}
