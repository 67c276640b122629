import { VaultbindError } from '../../errors.ts';
import { asReason } from '../../model/error-values.ts';
import { recall } from '../../model/recall.ts';

/** What a look found, or why it found nothing: a wizard that may not look asks instead. */
export type Seen<T> = { found: T } | { failed: string };

export async function seen<T>(look: () => Promise<T>): Promise<Seen<T>> {
  const found = await look().catch(asReason);
  return found instanceof VaultbindError ? { failed: found.message } : { found };
}

export function foundOr<T>(look: Seen<T>, otherwise: T): T {
  return 'found' in look ? look.found : otherwise;
}

/** Each look once for each key. */
export function onceEach<T>(look: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const results = new Map<string, Promise<T>>();
  return (key) => recall(results, key, () => look(key));
}
