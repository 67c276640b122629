import type { Command } from '../command.ts';
import type { Fix } from '../errors.ts';
import { boundBy } from '../facts/bound.ts';
import { absent, type Examination, known } from '../facts/examination.ts';
import { binds, type ServiceAccountName } from '../model/account.ts';
import { configAddress } from '../model/addresses.ts';
import { assigned, call, joined, kubectl, variable, vaultWriteJson } from '../model/commands.ts';
import { onLoopback } from '../recipe/urls.ts';

/**
 * The whole auth config without a recipe: a write replaces all of it, so what can be read is in it, and the reviewer's
 * token, which nobody can read back, is made anew. A command only where the operator says who reviews, or none did:
 * it makes a token that never ends, and whoever may review is not yet the one who does.
 */
export function configByHand(x: Examination, why: string, changes: Record<string, unknown> = {}): Fix {
  const config = absent(x.mount.config) ? {} : known(x.mount.config);
  const { reviewer } = x.patient;
  const stores = config?.['token_reviewer_jwt_set'] !== false || reviewer !== undefined;
  if (!config || !isReached(x)) return { why: whole(why) };
  if (stores && !reviewer)
    return { why: `${whole(why)}; --reviewer NAMESPACE/NAME says whose token, and prints the command${candidates(x)}` };
  const { token_reviewer_jwt_set: _, ...kept } = config;
  const right = known(x.host.configured)?.status === 'ok' ? {} : ownCluster(x);
  const values = { ...kept, ...right, ...changes };
  const path = configAddress(x.patient.mount);
  if (!stores || !reviewer) return { why, command: vaultWriteJson(path, values) };
  const write = vaultWriteJson(path, { ...values, token_reviewer_jwt: joined(token) });
  return { why: `${why}; the token is of a Secret that this makes`, command: withToken(x, reviewer, write) };
}

/** The kubeconfig's, which answers; on this machine alone it is no address for a Vault elsewhere. */
function isReached({ address, host, kubeconfig: { server } }: Examination): boolean {
  return server !== '' && known(host.own)?.status === 'ok' && (!onLoopback(server) || onLoopback(address));
}

export const ownCluster = ({ kubeconfig: { server, ca } }: Examination): Record<string, unknown> => ({
  kubernetes_host: server,
  kubernetes_ca_cert: ca?.pem ?? '',
});

const token = variable('SA_TOKEN');

const whole = (why: string): string =>
  `${why}: have it written whole, with the token of the reviewer in it, since a write replaces all`;

/** Accounts that may review and are no application of this role, in words. */
function candidates(x: Examination): string {
  const bound = boundBy(known(x.role.stored));
  const able = (known(x.cluster.delegators) ?? []).flatMap(({ kind, namespace, name }) =>
    kind === 'ServiceAccount' && namespace !== undefined && !binds(bound, { namespace, name })
      ? [`${namespace}/${name}`]
      : [],
  );
  if (able.length === 0) return '';
  return `; the cluster lets ${able.slice(0, 3).join(', ')}${able.length > 3 ? ' and others' : ''} review, which does not say that Vault uses it`;
}

/** An empty token would be taken without a word, and change who reviews: so nothing is written without one. */
function withToken(x: Examination, { namespace, name }: ServiceAccountName, write: Command): Command {
  const secret = `${name}-token-for-vault`;
  const object = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secret, namespace, annotations: { 'kubernetes.io/service-account.name': name } },
    type: 'kubernetes.io/service-account-token',
  };
  const held = kubectl('get secret', [secret], { namespace, output: 'jsonpath={.data.token}' });
  const chain = [
    ...(known(x.reviewer.account)?.exists === false ? [kubectl('create serviceaccount', [name], { namespace })] : []),
    { ...kubectl('apply', [], { filename: '-' }), stdin: JSON.stringify(object) },
    kubectl('wait', [`secret/${secret}`], { namespace, for: 'jsonpath={.data.token}' }),
    assigned(token, { ...held, into: call('base64', '-d') }),
    call('test', '-n', token),
    write,
  ];
  return chain.reduceRight((after, one) => ({ ...one, and: after }));
}
