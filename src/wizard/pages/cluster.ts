import { textIn, withValue } from '../../recipe/tree.ts';
import { isLoopback, judgeUrl } from '../../recipe/urls.ts';
import type { Now, Page, SeenFact, WizardQuestion } from '../question.ts';
import { none } from './words.ts';

const context: WizardQuestion = {
  path: ['cluster', 'context'],
  label: 'Cluster',
  flag: '--context <name>',
  message: 'Which cluster (kubeconfig context)?',
  why: 'Its ServiceAccounts will log in to Vault.',
  applies: async ({ contexts }) => (await contexts()).length > 0,
  offer: async ({ contexts, currentContext }) => ({
    default: currentContext,
    choices: (await contexts()).map(({ name, server }) => ({ value: name, says: server })),
  }),
  implied: ({ currentContext }) => currentContext ?? '',
  judge: async (value, { contexts }) => {
    const found = (await contexts()).find(({ name }) => name === value);
    if (!found) return { wrong: 'the kubeconfig has no such context' };
    return found.answers ? undefined : { warning: 'its API server does not answer from here' };
  },
};

export const host: WizardQuestion = {
  path: ['cluster', 'host'],
  label: 'API server',
  flag: '--api-host <url>',
  message: 'At which address does Vault reach the API server?',
  why: 'Vault itself asks the API server about each token, and may need another address than you.',
  offer: ({ cluster }) => ({
    default: cluster.server,
    choices: [{ value: cluster.server, says: "the kubeconfig's server" }],
    open: true,
  }),
  implied: ({ cluster }) => cluster.server,
  judge: (value, { vault }) => {
    const { url, problem, guess } = judgeUrl(value);
    if (problem !== undefined || url === undefined)
      return { wrong: problem ?? 'this is no URL', ...(guess === undefined ? {} : { instead: guess }) };
    const server = URL.canParse(vault.address) ? new URL(vault.address) : undefined;
    if (server && !isLoopback(server.hostname) && isLoopback(url.hostname))
      return {
        warning: `to the Vault at ${server.host}, ${url.host} is Vault's own machine: type an address it can reach`,
      };
    if (url.protocol === 'http:') return { warning: 'API servers speak https; over http tokens are not encrypted' };
    return undefined;
  },
  // The kubeconfig's own server holds without being said.
  put: ({ answers, cluster }, [value]) =>
    withValue(answers, ['cluster', 'host'], value === cluster.server ? undefined : value),
};

const ca: WizardQuestion = {
  path: ['cluster', 'ca'],
  label: 'Its CA',
  flag: '--api-ca <file>',
  message: 'Which file holds the CA of the API server?',
  why: 'Neither the kubeconfig nor ConfigMap kube-root-ca.crt says it; a PEM file beside the recipe does.',
  applies: async ({ cluster, answers }) =>
    (textIn(answers, ['cluster', 'host']) ?? cluster.server).startsWith('https:') && (await cluster.ca()) === undefined,
  offer: () => ({ default: none, choices: [{ value: none, label: 'none' }], open: true }),
  judge: (value) => (value === none ? { warning: 'without one Vault trusts only public CAs' } : undefined),
  put: ({ answers }, [value]) => withValue(answers, ['cluster', 'ca'], value === none ? undefined : value),
};

export const clusterPage: Page = {
  title: 'Kubernetes cluster',
  questions: [context, host, ca],
  facts: clusterFacts,
};

async function clusterFacts({ cluster }: Now): Promise<SeenFact[]> {
  const version = await cluster.version();
  if ('failed' in version) return [{ text: version.failed, warning: true }];
  const [user, lacking] = await Promise.all([cluster.whoAmI(), cluster.lacking()]);
  const name = 'found' in user && user.found !== '' ? `, as ${user.found}` : '';
  return [
    { text: `Kubernetes ${version.found} at ${cluster.server}${name}` },
    ...(lacking.length > 0 ? [{ text: `this user may not ${lacking.join(', ')}`, warning: true as const }] : []),
  ];
}
