import { VaultbindError } from '../errors.ts';
import { shownFix } from '../model/printed.ts';
import type { Ask } from './ask.ts';
import type { Connecting } from './connect.ts';
import type { Ways } from './connections.ts';

/**
 * Before anything else: without a cluster there is nothing to choose from. Undefined: there was one.
 * Errors: why there is none, when nobody is there to say.
 */
export async function askKubeconfig({
  ask,
  ways,
  interruptible,
}: Pick<Connecting, 'ask' | 'ways' | 'interruptible'>): Promise<string | undefined> {
  let file: string | undefined;
  for (;;) {
    const why = await interruptible(whyNot(ways, file));
    if (!why) return file;
    if (!ask.somebody) throw why;
    tellWhy(ask, why, file === undefined);
    const reason =
      'The contexts of the file are then to choose from; it counts for this run alone. Ctrl-C ends it here.';
    file = (await ask.text('Which kubeconfig file?', reason, undefined)) || file;
  }
}

/** A file that cannot be read is one more reason; without one that was named it is none to ask. */
async function whyNot(ways: Ways, file: string | undefined): Promise<VaultbindError | undefined> {
  try {
    return await ways.noCluster(file);
  } catch (error) {
    if (error instanceof VaultbindError && file !== undefined) return error;
    throw error;
  }
}

/** @param first before the question that is a way out itself */
function tellWhy(ask: Ask, { problems }: VaultbindError, first: boolean): void {
  for (const { message, fix = [] } of problems) {
    ask.tell({ warning: message });
    if (!first) continue;
    for (const { why, command } of fix.map(shownFix))
      for (const fact of [why, command ?? []].flat()) ask.tell({ fact });
  }
}
