import { withoutTrailingSlashes } from '../../model/trailing.ts';
import { hostIn } from '../../trust/api-host.ts';
import { beyond, type Ceiling, type CeilingLimit } from '../ceiling.ts';
import { allowed } from '../names.ts';

/** What a recipe may choose: which of the operator's places it works on. */
export const places: CeilingLimit = (ceiling, { recipe: { vault, cluster } }) => {
  const { namespaces } = ceiling.document.vault ?? {};
  const { contexts, hosts, ca } = ceiling.document.cluster ?? {};
  return [
    ...chosen(ceiling, ['vault', 'namespace'], vault.namespace, namespaces, 'Vault namespace'),
    ...chosen(ceiling, ['cluster', 'context'], cluster.context, contexts, 'kubeconfig context', exactly),
    ...chosen(ceiling, ['cluster', 'host'], cluster.host, hosts, 'API address', sameHost),
    ...(cluster.ca === undefined || ca
      ? []
      : [beyond(ceiling, ['cluster', 'ca'], 'a recipe may not bring a CA', ['cluster', 'ca'])]),
  ];
};

function exactly(names: readonly string[] | undefined, name: string): boolean {
  return (names ?? []).some((one) => withoutTrailingSlashes(one) === name);
}

function sameHost(names: readonly string[] | undefined, host: string): boolean {
  return (names ?? []).some((one) => hostIn(one) === host);
}

function chosen(
  ceiling: Ceiling,
  [section, key]: [section: string, key: string],
  name: string | undefined,
  names: readonly string[] | undefined,
  what: string,
  within = allowed,
) {
  if (name === undefined || within(names, name)) return [];
  return [beyond(ceiling, [section, key], `a recipe may not choose the ${what} ${name}`, [section, `${key}s`])];
}
