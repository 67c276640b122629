import { question } from '../../contracts/experiment.ts';
import { apiHandshake } from '../../proof/cluster.ts';
import { type HostFacts, type KubeconfigFacts, known, type MountFacts, unasked } from '../examination.ts';
import type { AskFact } from './ask.ts';

/** The API server by the stored config, and by the kubeconfig. */
export async function hostFacts(mount: MountFacts, { server, ca }: KubeconfigFacts, ask: AskFact): Promise<HostFacts> {
  const { kubernetes_host, kubernetes_ca_cert } = known(mount.config) ?? {};
  const own = server === '' ? unasked : await ask(question(apiHandshake, { host: server, ca: ca?.pem ?? '' }));
  const host = String(kubernetes_host ?? '');
  if (!URL.canParse(host)) return { own, configured: unasked };
  return { own, configured: await ask(question(apiHandshake, { host, ca: String(kubernetes_ca_cert ?? '') })) };
}
