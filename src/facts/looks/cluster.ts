import { type Fact, question } from '../../contracts/experiment.ts';
import { delegators } from '../../proof/cluster.ts';
import type { ClusterFacts } from '../examination.ts';
import type { AskFact } from './ask.ts';

export const clusterAsk = question(delegators, null);

/** For warnings alone: what may not be seen is not missed. */
export async function clusterFacts(version: Fact<string>, ask: AskFact): Promise<ClusterFacts> {
  return { version, delegators: await ask(clusterAsk) };
}
