import { labelForm, parseAccount, subdomainForm } from '../../model/account.ts';
import { kubectl } from '../../model/commands.ts';
import { inWords } from '../../model/printed.ts';
import { didYouMean, nearest } from '../../recipe/suggest.ts';
import type { ClusterLook } from '../look/cluster.ts';
import { foundOr } from '../look/look-once.ts';
import type { Verdict } from '../question.ts';

type Wrong = Extract<Verdict, { wrong: string }>;

/** Why no account can be called so, in Kubernetes' own rules for names. */
export function misspelt(value: string): Wrong | undefined {
  const parsed = parseAccount(value);
  if (!parsed) return { wrong: 'write it namespace/name' };
  const { namespace, name } = parsed;
  const wrong = !labelForm.test(namespace)
    ? 'a namespace is lower case letters, digits and -'
    : !subdomainForm.test(name) && 'the name of a ServiceAccount is lower case letters, digits, - and .';
  if (wrong === false) return undefined;
  const lower = value.toLowerCase();
  return { wrong, ...(lower !== value && misspelt(lower) === undefined ? { instead: lower } : {}) };
}

/** Why an account can neither be there nor be made there. */
export async function impossible(value: string, cluster: ClusterLook): Promise<Wrong | undefined> {
  const namespace = parseAccount(value)?.namespace;
  const wrong = misspelt(value);
  if (wrong || namespace === undefined || (await cluster.namespaceExists(namespace)) !== false) return wrong;
  const meant = nearest(namespace, foundOr(await cluster.namespaces(), []));
  const create = inWords(kubectl('create namespace', [namespace]));
  return {
    wrong: `the namespace ${namespace} does not exist${meant === undefined ? ': ' : `${didYouMean(meant)} Else: `}${create}`,
  };
}
