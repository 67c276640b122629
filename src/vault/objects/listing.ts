import { nothingIf } from '../../model/error-values.ts';
import type { VaultReader } from '../api.ts';

/**
 * The names that a list shows under a path, for what stands beside ours; undefined where this token may not list.
 * Such a list only says that something is there. Nothing in an answer shows that it is whole (OpenBao cuts it by
 * pagination_limit and filters it, in silence), so what it does not name is read by name before it counts as missing.
 */
export async function namesIfListable(vault: Pick<VaultReader, 'list'>, path: string): Promise<string[] | undefined> {
  const names = vault.list(path).then((found) => found ?? []);
  return await names.catch(nothingIf('operator-forbidden'));
}
