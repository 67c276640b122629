import { InputError } from '../errors.ts';
import { kubectl } from '../model/commands.ts';
import type { Recipe } from './recipe.ts';
import { shown } from './text.ts';

/**
 * A recipe never chooses the cluster: what is written into Vault would let in whoever runs the other one. It may only
 * assert the context that the operator chose.
 *
 * @param chosen of --context, else the kubeconfig's current one; '' in-cluster
 * @throws InputError `context-mismatch`, naming both.
 */
export function assertContext({ cluster: { context, at, contextAt = at } }: Recipe, chosen: string): void {
  if (context === undefined || context === chosen) return;
  const yours = chosen === '' ? 'this is a Pod, which has none' : `the one chosen is ${shown(chosen)}`;
  throw new InputError({
    code: 'context-mismatch',
    subject: 'cluster.context',
    message: `the recipe is for the kubeconfig context ${shown(context)}, and ${yours}`,
    fix: [
      {
        why: 'if the recipe is right, choose its context yourself, with --context or for all commands',
        command: kubectl('config use-context', [context]),
      },
      { why: 'if yours is right, use the recipe made for it' },
    ],
    at: contextAt,
  });
}
