import { listContexts } from '../kubernetes/kubeconfig/contexts.ts';
import type { Io } from '../model/io.ts';
import { oneLine } from '../model/unseen.ts';

/** What --context may be, for the completion of a shell; a name that no line can show as it is is not offered. Contacts nothing. Errors: InputError for a kubeconfig that cannot be read. */
export async function contextNames({ env, cwd }: Io, kubeconfig: string | undefined): Promise<string[]> {
  const { all } = await listContexts(env, kubeconfig, cwd);
  return all.map(({ name }) => name).filter((name) => oneLine(name) === name);
}
