import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stages } from '../../src/causes/cause.ts';
import { chainOf } from '../../src/causes/chain.ts';
import { diagnose } from '../../src/causes/diagnose.ts';
import { couldNotLook } from '../../src/causes/unknowns.ts';
import { causes } from '../../src/codes.ts';
import {
  bare,
  type Change,
  config,
  examination,
  fact,
  handshake,
  hidden,
  login,
  type Row,
  refused,
  role,
  secret,
  tokenSecret,
  told,
} from './healthy.ts';

const dead =
  'login unauthorized: lookup failed: service account unauthorized; this could mean it has been deleted or recreated with a new token';
const forbidden =
  'login unauthorized: tokenreviews.authentication.k8s.io is forbidden: User "system:serviceaccount:a:vault-reviewer" cannot create resource "tokenreviews"';
const untrusted = fact({ ...handshake, status: 'untrusted' as const, said: 'another CA' });
const unreachable = fact({ ...handshake, status: 'unreachable' as const, said: 'timed out' });
const no = fact({ allowed: false, reason: '' });

describe('one fault', () => {
  it('none: nothing is named', () => expect(diagnose(examination())).toEqual([]));

  it('seen from two sides is told once, with all that speaks for it', () => {
    const [one, ...rest] = diagnose(examination({ mayReview: no, login: bare([forbidden]) }));
    expect(rest).toEqual([]);
    expect(one?.cause).toBe('reviewer-forbidden');
    expect(one?.evidence.map(({ experiment }) => experiment).toSorted()).toEqual(["Vault's log", 'may-review']);
  });

  it('that hides everything is told alone', () => {
    const health = fact({ version: '', product: 'vault' as const, sealed: true, initialized: true, standby: false });
    expect(told(diagnose(examination({ health, mount: hidden(), config: hidden(), login: hidden() })))[0]).toBe(
      'vault-sealed certain',
    );
  });
});

const stacked: Row[] = [
  [
    'two that are certain, in the order in which a login meets them',
    {
      role: fact({ ...role, bound_service_account_namespaces: ['b'] }),
      handshake: untrusted,
      login: refused('namespace not authorized'),
    },
    'namespace-not-bound certain',
    'ca-mismatch certain',
  ],
  [
    'one before the login and one behind it',
    { mayReview: no, login: bare([forbidden]), policies: new Map([['app', fact(undefined)]]) },
    'reviewer-forbidden certain',
    'policy-missing certain',
  ],
  [
    'the account is missing and another is bound',
    {
      account: fact({ exists: false, namespaceExists: true }),
      role: fact({ ...role, bound_service_account_names: ['x'] }),
      login: hidden(),
    },
    'service-account-missing certain',
    'service-account-not-bound certain',
  ],
];

describe('several faults', () => {
  it.each(stacked)('%s', (_what, change, ...says) => expect(told(diagnose(examination(change)))).toEqual(says));
});

const dropped: Row[] = [
  [
    'an address that does not answer from here, as soon as a login went through',
    { handshake: unreachable, login: login() },
  ],
  [
    'a likely cause, where a certain one explains the same refusal',
    { handshake: unreachable, mayReview: no, login: bare([forbidden]) },
    'reviewer-forbidden certain',
  ],
  [
    'addresses that are bound, where the log says why',
    { role: fact({ ...role, token_bound_cidrs: ['10.9.0.0/16'] }), login: bare([forbidden]) },
    'reviewer-forbidden certain',
  ],
];

describe('what is dropped', () => {
  it.each(dropped)('%s', (_what, change, ...says) => expect(told(diagnose(examination(change)))).toEqual(says));

  it('not a CA that is wrong, although Vault still logs in by its old connection', () => {
    expect(told(diagnose(examination({ handshake: untrusted, login: login() })))).toEqual(['ca-mismatch certain']);
  });
});

describe('what looks like another fault', () => {
  const rows: Row[] = [
    [
      'plain http, which the log calls a reset',
      {
        config: fact({ ...config, kubernetes_host: 'http://10.0.0.1:6443' }),
        handshake: fact({ ...handshake, status: 'not-an-api-server', said: '400' }),
        login: bare(['login unauthorized: read tcp 10.0.0.9:1->10.0.0.1:6443: read: connection reset by peer']),
      },
      'host-plain-http certain',
    ],
    [
      'an empty CA, which the log calls an unknown authority',
      {
        config: fact({ ...config, kubernetes_ca_cert: '' }),
        handshake: untrusted,
        login: bare([
          'login unauthorized: tls: failed to verify certificate: x509: certificate signed by unknown authority',
        ]),
      },
      'ca-missing certain',
    ],
  ];
  it.each(rows)('%s', (_what, change, ...says) => expect(told(diagnose(examination(change)))).toEqual(says));
});

describe('a bare refusal that nothing explains', () => {
  it('is never certain, and names what would decide', () => {
    const found = diagnose(examination({ login: bare(null) }));
    expect(found.length).toBeGreaterThan(1);
    expect(found.map(({ certainty }) => certainty)).not.toContain('certain');
    expect(found.flatMap(({ fix }) => fix.map(({ why }) => why)).join()).toContain('sys/monitor');
  });
  it('of which the log says that the token is dead, and the Secret is good, is one cause: the log says the same of all', () => {
    const found = diagnose(examination({ login: bare([dead]) }));
    expect(found.map(({ cause, certainty }) => `${cause} ${certainty}`)).toEqual(['reviewer-token-revoked likely']);
    expect(found[0]?.evidence.map(({ said }) => said).join()).toContain('one that ended, of another cluster');
  });
  it("is not explained by the operator's own way to the cluster", () => {
    const found = diagnose(examination({ kubernetes: hidden('kubernetes-credentials-rejected'), login: bare(null) }));
    expect(found.map(({ stage }) => stage)).toContain('reviewer');
  });
});

describe('an account that must be refused', () => {
  const patient = { ...examination().patient, stranger: true };
  const selecting = fact({
    ...role,
    bound_service_account_namespaces: [],
    bound_service_account_namespace_selector: '{}',
  });

  it('and is, because nothing binds it, is as it should be', () => {
    expect(diagnose(examination({ patient, login: refused('service account name not authorized') }))).toEqual([]);
    expect(diagnose(examination({ patient, role: selecting, login: refused('namespace not authorized') }))).toEqual([]);
  });

  it('and is, because nobody could judge it, is not refused rightly', () => {
    const said = 'namespace not authorized err=failed to get namespace (code 403 status namespaces "a" is forbidden)';
    const x = examination({ patient, role: selecting, login: refused(said) });
    expect(told(diagnose(x))).toEqual(['namespace-selector-unusable certain']);
    expect(couldNotLook(x)).toBe(true);
  });
});

/** Each fact by itself, and what may become of it. */
const facts: (keyof Change)[] = [
  'operator',
  'mount',
  'mounts',
  'impossibleLogin',
  'config',
  'role',
  'roles',
  'account',
  'login',
  'handshake',
  'ownHandshake',
  'reviewerSecret',
  'mayReview',
];

describe('what could not be looked at', () => {
  it.each(facts)('makes no cause of a healthy login: %s', (name) => {
    expect(diagnose(examination({ [name]: hidden('operator-forbidden') }))).toEqual([]);
  });

  it('makes no cause in any combination', () => {
    fc.assert(
      fc.property(fc.subarray(facts), (names) => {
        const change = Object.fromEntries(names.map((name) => [name, hidden('operator-forbidden')]));
        expect(diagnose(examination(change))).toEqual([]);
      }),
    );
  });

  it('is no sign of health', () => {
    expect(couldNotLook(examination({ login: hidden() }))).toBe(true);
    expect(couldNotLook(examination())).toBe(false);
  });
});

const broken: Change[] = [
  { mount: fact(undefined), config: fact(undefined), login: bare(null) },
  { config: fact(undefined), login: refused('could not load backend configuration') },
  { role: fact(undefined), login: refused('invalid role name "app"') },
  { handshake: untrusted },
  { handshake: unreachable },
  { mayReview: no },
  { reviewerSecret: fact(undefined) },
  { reviewerSecret: fact({ ...tokenSecret, filled: false }) },
  { config: fact({ ...config, token_reviewer_jwt_set: false }) },
  { login: bare(null) },
  { login: bare([dead]) },
  { login: bare([forbidden]) },
  { policies: new Map([['app', fact(undefined)]]) },
  { login: login({ capabilities: { [secret]: ['deny'] } }) },
  { login: login({ answers: { [`GET ${secret}`]: { status: 404, said: '' } } }) },
];

describe('whatever is broken together', () => {
  const together = fc.subarray(broken, { minLength: 1 }).map((ones) => examination(Object.assign({}, ...ones)));

  it('is told once each, the surest first, and in the order of a login', () => {
    fc.assert(
      fc.property(together, (x) => {
        const found = diagnose(x);
        expect(new Set(found.map(({ cause }) => cause)).size).toBe(found.length);
        const rank = ({ certainty, stage }: (typeof found)[number]) =>
          ['certain', 'likely', 'possible'].indexOf(certainty) * stages.length + stages.indexOf(stage);
        expect(found.map(rank)).toEqual(found.map(rank).toSorted((a, b) => a - b));
        for (const { cause, evidence, fix, subject } of found) {
          expect(Object.keys(causes)).toContain(cause);
          expect(evidence.length, cause).toBeGreaterThan(0);
          expect(fix.length, cause).toBeGreaterThan(0);
          expect(subject, cause).not.toBe('');
        }
      }),
    );
  });

  it('breaks the chain at one link at most, with good ones before it', () => {
    fc.assert(
      fc.property(together, (x) => {
        const statuses = chainOf(x, diagnose(x))?.links.map(({ status }) => status) ?? [];
        const first = statuses.indexOf('failed');
        expect(statuses.filter((one) => one === 'failed').length).toBeLessThan(2);
        if (first !== -1) expect(statuses.slice(0, first)).not.toContain('unknown');
      }),
    );
  });
});
