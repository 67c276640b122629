import { describe, expect, it } from 'vitest';
import { mistakesOf, read } from './reading.ts';

/** What people wrote whose reports and policies were tried, in the smallest form, and what a careful reader says of it. */
interface Tried {
  /** Text of the policy p. */
  hcl?: string;
  /** More keys of the role r. */
  role?: string;
  /** Claims of the account, e.g. `can: [read secret/data/x]`. */
  claims?: string;
  /** All that is said, in order; each is a part of one message. */
  says: string[];
  /** And none of these. */
  not?: RegExp;
}

const allow = (path: string, ...capabilities: string[]) =>
  `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }`;
const template = (words: string) => `secret/data/{{${words}}}/*`;
const ofAccessor = (accessor: string) => `identity.entity.aliases.${accessor}.metadata.service_account_namespace`;

const tried: Record<string, Tried> = {
  'F01: a list is of the path with a slash': {
    hcl: allow('secret/metadata/myapp/*', 'list'),
    claims: 'can: [list secret/metadata/myapp]',
    says: [],
  },
  'F01: and cannot be called refused where that is allowed': {
    hcl: allow('secret/metadata/myapp/*', 'list'),
    claims: 'cannot: [list secret/metadata/myapp]',
    says: ['allow list on secret/metadata/myapp'],
  },
  'F01: so is the list of the whole mount': {
    hcl: allow('secret/metadata/', 'list'),
    claims: 'can: [list secret/metadata]',
    says: [],
  },
  'F04: an accessor of another mount is not known here': {
    hcl: allow(template(ofAccessor('auth_kubernetes_00000000')), 'read'),
    says: [],
  },
  'F04: words that no server fills in': {
    hcl: allow(template('auth.kubernetes.token_meta_service_account_namespace'), 'read'),
    says: ['never "auth.kubernetes.token_meta_service_account_namespace"'],
  },
  'F05: a mount may have a slash': {
    hcl: allow('team/kv/data/*', 'read'),
    claims: 'can: [read team/kv/data/x]',
    says: [],
  },
  'F05: a secret of KV version 1 may be called data': {
    hcl: allow('kv1/app/data', 'read'),
    claims: 'can: [read kv1/app/data]',
    says: [],
  },
  'F05: where the mount is known as version 2 it is said': {
    hcl: `${allow('kv/data/a', 'read')}\n${allow('kv/b/data', 'read')}`,
    says: ['did you mean "kv/data/b"?'],
  },
  'F06: a policy may have a slash in its name': {
    role: 'token_policies: [p, salt/minions]',
    says: ['does not define the policy "salt/minions"'],
  },
  'F07: parameters that no write of KV has': {
    hcl: 'path "secret/data/app/*" {\n capabilities = ["create", "update", "read"]\n allowed_parameters = {"password" = []}\n}',
    claims: 'can: [read secret/data/app/x]',
    says: ['every one is refused'],
  },
  'F08: a star inside, without data/': {
    hcl: allow('secret/*/config', 'read'),
    says: ['did you mean "secret/+/config"?'],
  },
  'F09: + stands for the whole of a segment': {
    hcl: allow('secret/data/my*/config', 'read'),
    says: ['did you mean "secret/data/+/config"?'],
    not: /my\+/,
  },
  'F09: and for no part of a template': {
    hcl: allow(template(ofAccessor('auth_kubernetes_*')), 'read'),
    says: ['${accessor} is the accessor of this mount'],
    not: /did you mean/,
  },
  'F10: sudo at * holds sys/ and auth/': {
    hcl: allow('*', 'create', 'read', 'update', 'delete', 'list', 'sudo'),
    says: ['as good as reading every secret', 'every path of this Vault'],
    not: /sudo/,
  },
  'F10: pki/root wants sudo': { hcl: allow('pki/root', 'delete', 'sudo'), says: [] },
  'F10: a KV secret does not': { hcl: allow('secret/data/a', 'read', 'sudo'), says: ['sudo does nothing'] },
  'F11: a blank at the end of a path': {
    hcl: allow('secret/data/myapp/config ', 'read'),
    says: ['"secret/data/myapp/config " holds a blank'],
  },
  'F19: the word of the jwt method': {
    role: 'token_policies: [p]\n    bound_audiences: [vault]',
    says: ['did you mean "audience"?'],
  },
  'F25: what is doubtful in a policy explains a claim that does not hold': {
    hcl: allow('secret/data/my*/config', 'read'),
    claims: 'can: [read secret/data/myapp/config]',
    says: ['do not allow read on secret/data/myapp/config', 'did you mean "secret/data/+/config"?'],
  },
};

function recipeOf({ hcl = allow('secret/data/a', 'read'), role = 'token_policies: [p]', claims = 'login: ok' }: Tried) {
  const block = hcl.replace(/^/gm, '      ');
  return `version: 1
name: tried
auth: {path: kube-tried, reviewer: {service_account: default/vault-reviewer}}
policies:
  - name: p
    hcl: |
${block}
roles:
  - name: r
    service_accounts: [default/my-sa]
    audience: vault
    token_ttl: 1h
    ${role}
expect:
  - role: r
    service_account: default/my-sa
    ${claims}
`;
}

describe('what was tried', () => {
  it.each(Object.entries(tried))('%s', (_what, one) => {
    const text = recipeOf(one);
    const problems = mistakesOf(() => read(text));
    const said = (problems.length > 0 ? problems : read(text).warnings).flatMap(({ message, evidence = [] }) => [
      message,
      ...evidence.map((each) => each.said),
    ]);
    expect(said).toEqual(one.says.map((part) => expect.stringContaining(part)));
    if (one.not) expect(said.join('\n')).not.toMatch(one.not);
  });
});
