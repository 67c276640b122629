import { once } from '../model/recall.ts';
import { type Tree, textIn } from '../recipe/tree.ts';
import type { VaultWay, Ways } from './connections.ts';
import { type ClusterLook, lookAtCluster } from './look/cluster.ts';
import { seen } from './look/look-once.ts';
import { lookAtVault } from './look/vault.ts';
import type { Now } from './question.ts';

/** Milliseconds for a cluster that is only shown in a list. */
const patience = 3000;

/** Where a Pod is that no context places elsewhere. */
const usual = 'default';

/** What can be looked up, as the answers stand: another context is another cluster. */
export function factsOf(ways: Ways, way: VaultWay, exists: Now['exists']): (answers: Tree) => Promise<Now> {
  const vault = lookAtVault(way);
  const clusters = new Map<string, ClusterLook>();
  const known = once(() => ways.contexts());
  const contexts = once(async () => {
    const { all } = await known();
    return await Promise.all(all.map(async (context) => ({ ...context, answers: await answers(ways, context.name) })));
  });
  return async (tree) => {
    const { current, all } = await known();
    const context = textIn(tree, ['cluster', 'context']) ?? current;
    const cluster = clusters.get(context ?? '') ?? lookAtCluster(await ways.kubernetes(context));
    clusters.set(context ?? '', cluster);
    return {
      answers: tree,
      vault,
      cluster,
      contexts,
      exists,
      namespace: all.find(({ name }) => name === context)?.namespace ?? usual,
      currentContext: current,
    };
  };
}

async function answers(ways: Ways, name: string): Promise<boolean> {
  const kubernetes = await ways.kubernetes(name);
  const late = new Promise<boolean>((done) => void setTimeout(done, patience, false).unref());
  return await Promise.race([seen(() => kubernetes.version()).then((version) => 'found' in version), late]);
}
