import { describe, expect, it } from 'vitest';
import { policyCauses } from '../../../src/causes/suspicions/policy.ts';
import { bare, examination, fact, hidden, login, policy, type Row, secret, told } from '../healthy.ts';

const denied = login({ capabilities: { [secret]: ['deny'] } });
const text = (...rules: string[]) => new Map([['app', fact<string | undefined>(rules.join('\n'))]]);
const rule = (path: string, ...capabilities: string[]) =>
  `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }`;
const says = (...rules: string[]) => ({ login: denied, policies: text(...rules) });

const table: Row[] = [
  ['allows it', {}],
  ['does not exist', { login: denied, policies: new Map([['app', fact(undefined)]]) }, 'policy-missing certain'],
  [
    'does not exist, and neither does default, which need not',
    {
      policies: new Map([
        ['default', fact(undefined)],
        ['app', fact<string | undefined>(policy)],
      ]),
    },
  ],
  ['is none', { login: denied, policies: new Map() }, 'policy-not-attached certain'],
  ['speaks of another path', says(rule('secret/data/other', 'read')), 'policy-not-attached certain'],
  ['lacks data/', says(rule('secret/app/config', 'read')), 'policy-path-lacks-data certain'],
  ['lacks data/, with a glob', says(rule('secret/app/*', 'read')), 'policy-path-lacks-data certain'],
  ['is about metadata', says(rule('secret/metadata/app/config', 'read')), 'policy-path-lacks-data certain'],
  ['has its asterisk in the middle', says(rule('secret/data/*/config', 'read')), 'policy-glob-misses certain'],
  ['is about what lies below alone', says(rule('secret/data/app/config/*', 'read')), 'policy-glob-misses certain'],
  [
    'is denied by another rule',
    says(rule('secret/data/*', 'read'), rule(secret, 'deny')),
    'policy-denied-by-other certain',
  ],
  [
    'is overruled by a closer rule that gives less',
    says(rule('secret/data/*', 'read'), rule('secret/data/app/*', 'list')),
    'policy-denied-by-other certain',
  ],
  [
    'has a template of another mount',
    says(rule('secret/data/{{identity.entity.aliases.other.name}}/config', 'read')),
    'policy-template-unresolved certain',
  ],
  [
    'has a template, and a star at its end',
    says(rule('secret/data/{{identity.entity.aliases.other.name}}/*', 'read')),
    'policy-template-unresolved certain',
  ],
  [
    'has a template of words that mean nothing',
    says(rule('secret/data/{{auth.kubernetes.token_meta_service_account_namespace}}/*', 'read')),
    'policy-template-unresolved certain',
  ],
  [
    'has a template, and would not fit with any value',
    says(rule('secret/data/{{identity.entity.aliases.other.name}}/x/*', 'read')),
    'policy-not-attached certain',
  ],
  [
    'lacks data/ and has a star inside, which fits nothing',
    says(rule('secret/*/config', 'read')),
    'policy-glob-misses certain',
  ],
  ['has a blank at its end', says(rule(`${secret} `, 'read')), 'policy-not-attached certain'],
  ['gives another capability', says(rule(secret, 'update')), 'policy-capability-missing certain'],
  [
    'may not be read, so that it could say anything',
    { login: denied, policies: new Map([['app', hidden()]]) },
    'policy-not-attached possible',
  ],
  [
    'lacks data/ by its text, and the login was refused',
    { login: bare(null), policies: text(rule('secret/app/config', 'read')) },
    'policy-path-lacks-data likely',
  ],
  ['is not judged where neither role nor login is known', { role: hidden(), login: bare(null), policies: text() }],
];

describe('a policy', () => {
  it.each(table)('%s', (_what, change, ...says) => expect(told(policyCauses(examination(change)))).toEqual(says));

  it.each(['delete', 'undelete', 'destroy'])('about data gives no %s: KV version 2 has a path of its own', (kind) => {
    const path = `secret/${kind}/app/config`;
    const patient = {
      ...examination().patient,
      can: [{ capability: 'update', path, at: { file: '', line: 1, column: 1 } }],
    };
    const secrets = new Map([[path, examination().secrets.get(secret) ?? hidden()]]);
    const x = { patient, secrets, login: login({ capabilities: { [path]: ['deny'] } }) };
    const [found] = policyCauses(examination({ ...x, policies: text(rule(secret, 'read', 'update', 'delete')) }));
    expect(found?.cause).toBe('policy-not-attached');
    expect(found?.evidence[0]?.said).toContain(`KV version 2 has secret/${kind}/ for this`);
  });

  it('of KV version 1 needs no data/', () => {
    const path = 'kv/app';
    const patient = {
      ...examination().patient,
      can: [{ capability: 'list', path, at: { file: '', line: 1, column: 1 } }],
    };
    const secrets = new Map([
      [path, fact({ engine: { mount: 'kv/', type: 'kv', version: 1 as const }, mounts: ['kv/'] })],
    ]);
    const x = examination({
      patient,
      secrets,
      login: login({ capabilities: { [`${path}/`]: ['deny'] } }),
      policies: text(rule('kv/data/app', 'list')),
    });
    expect(told(policyCauses(x))).toEqual(['policy-not-attached certain']);
  });
  it('with a blank that cannot be seen is quoted, and the blank named', () => {
    const [{ evidence } = { evidence: [] }] = policyCauses(examination(says(rule(`${secret} `, 'read'))));
    expect(evidence[0]?.said).toContain(`"${secret} " of policy app is another path: look at its blanks`);
    const [other] = policyCauses(examination(says(rule('secret/data/other ', 'read'))));
    expect(other?.evidence[0]?.said).toContain('the policies speak of "secret/data/other "');
  });
  it('for a list is told of metadata/', () => {
    const path = 'secret/metadata/app';
    const patient = {
      ...examination().patient,
      can: [{ capability: 'list', path, at: { file: '', line: 1, column: 1 } }],
    };
    const secrets = new Map([
      [path, fact({ engine: { mount: 'secret/', type: 'kv', version: 2 as const }, mounts: ['secret/'] })],
    ]);
    const x = examination({
      patient,
      secrets,
      login: login({ capabilities: { [`${path}/`]: ['deny'] } }),
      policies: text(rule('secret/data/app', 'read', 'list')),
    });
    expect(told(policyCauses(x))).toEqual(['policy-path-lacks-metadata certain']);
  });
});
