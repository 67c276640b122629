import type { Problem } from '../../errors.ts';
import { nothingIf } from '../../model/error-values.ts';
import type { VaultRight } from '../../model/rights.ts';
import { printGrant } from '../../policy/print.ts';
import type { VaultSession } from '../../vault/api.ts';

/** All paths are asked for at once. */
export async function missingInVault(needed: VaultRight[], vault: VaultSession): Promise<Problem[]> {
  const paths = new Map<string, Set<string>>();
  for (const { path, capabilities } of needed) paths.set(path, new Set([...(paths.get(path) ?? []), ...capabilities]));
  if (paths.size === 0) return [];
  const held = await heldOn([...paths.keys()], vault);
  if (!held) return [];
  return [...paths].flatMap(([path, wanted]) => {
    const mine = held[path] ?? [];
    const missing = mine.includes('root') ? [] : [...wanted].filter((one) => !mine.includes(one));
    return missing.length === 0 ? [] : [problem(path, missing)];
  });
}

/** Undefined: a token without the default policy may not ask. */
async function heldOn(paths: string[], vault: VaultSession): Promise<Record<string, string[]> | undefined> {
  return await vault.rights(paths).catch(nothingIf('operator-forbidden'));
}

function problem(path: string, missing: string[]): Problem {
  return {
    code: 'operator-forbidden',
    subject: path,
    message: `${path}: the token lacks ${missing.join(', ')}; nothing was written`,
    fix: [
      {
        why: `ask who runs Vault for this in a policy of yours: ${printGrant(path, missing)}`,
      },
    ],
  };
}
