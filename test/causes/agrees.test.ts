import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doctorReport } from '../../src/actions/doctor/report.ts';
import { chainOf as chainOfDoctor, linkOf } from '../../src/causes/chain.ts';
import { diagnose } from '../../src/causes/diagnose.ts';
import type { Fact } from '../../src/contracts/experiment.ts';
import { type Drift, known } from '../../src/facts/examination.ts';
import { keyOf, requestOf } from '../../src/policy/requests.ts';
import { Good, proofThatItCan } from '../../src/proof/access.ts';
import { linkOfReason } from '../../src/proof/login-chain.ts';
import type { SecretFact } from '../../src/proof/stored-secret.ts';
import type { Accepted } from '../../src/proof/workload-login.ts';
import type { AccessClaim, Expectation } from '../../src/recipe/recipe.ts';
import { judgeLogin } from '../../src/steps/login-verdict.ts';
import type { LoginReason } from '../../src/vault/answers/login-refusal.ts';
import { type Change, examination, fact, hidden, login, policy, refused, role, secret } from './healthy.ts';

/**
 * The law: verify and the doctor judge one login alike. What verify calls Good, the doctor names no cause for; a secrets
 * engine is missing for both or for none; and both draw the same links of policies and secrets.
 */
const at = { file: '', line: 1, column: 1 };
const claim: fc.Arbitrary<AccessClaim> = fc.record({
  capability: fc.constantFrom('read', 'list', 'update'),
  path: fc.constantFrom(secret, 'ns1/kv/data/x', 'secret/metadata/app', 'secret/app', 'kv1/data/a'),
  at: fc.constant(at),
});
const answer = fc.record(
  {
    status: fc.constantFrom(200, 200, 204, 400, 403, 404, 405),
    said: fc.constantFrom('', 'x', 'version 3 was deleted at some time'),
    noMount: fc.constant(true as const),
  },
  { requiredKeys: ['status', 'said'] },
);
const untried = fc.record(
  { because: fc.constant('y'), absent: fc.constant(true as const), kvData: fc.constant(true as const) },
  { requiredKeys: ['because'] },
);
const engine = fc.constantFrom<SecretFact['engine'][]>(
  undefined,
  { mount: 'secret/', type: 'kv', version: 2 },
  { mount: 'kv1/', type: 'kv', version: 1 },
  { mount: 'ns1/', type: 'pki' },
);
const sight = fc.record({
  engine,
  mounts: fc.constantFrom<string[][]>([], ['kv/'], ['secret/', 'kv1/']),
  partial: fc.boolean(),
  seen: fc.boolean(),
});

interface Facts {
  can: AccessClaim[];
  cannot: AccessClaim[];
  accepted: Partial<Accepted>;
  secrets: Map<string, Fact<SecretFact>>;
  text: string;
}

const facts: fc.Arbitrary<Facts> = fc
  .record({
    can: fc.array(claim, { minLength: 1, maxLength: 3 }),
    cannot: fc.array(claim, { maxLength: 2 }),
    text: fc.constantFrom(policy, 'path "secret/*" { capabilities = ["list"] }'),
  })
  .chain(({ can, cannot, text }) => {
    const all = [...can, ...cannot];
    const each = <T>(keys: string[], one: fc.Arbitrary<T>) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, one]))) as fc.Arbitrary<Record<string, T>>;
    return fc.record({
      can: fc.constant(can),
      cannot: fc.constant(cannot),
      text: fc.constant(text),
      accepted: fc.record({
        capabilities: each(
          all.map((one) => requestOf(one).path),
          fc.constantFrom(['deny'], ['read', 'list', 'update'], ['read', 'list', 'update'], ['read']),
        ),
        answers: each(all.filter((one) => requestOf(one).request).map(keyOf), answer),
        untried: each(all.map(keyOf), untried),
      }),
      secrets: each(
        all.map(({ path }) => path),
        sight,
      ).map(
        (found) =>
          new Map<string, Fact<SecretFact>>(
            Object.entries(found).map(([path, { engine: one, mounts, partial, seen }]) => [
              path,
              seen ? fact({ ...(one && path.startsWith(one.mount) && { engine: one }), mounts, partial }) : hidden(),
            ]),
          ),
      ),
    });
  });

function judge({ can, cannot, accepted, secrets, text }: Facts) {
  const { patient } = examination();
  const x = examination({
    patient: { ...patient, can, cannot },
    login: login(accepted),
    secrets,
    role: fact({ ...role, token_num_uses: 1 }),
    policies: new Map([['app', fact<string | undefined>(text)]]),
  });
  const found = x.login?.known ? x.login.value.login : undefined;
  const expected: Expectation = {
    role: 'app',
    service_account: { namespace: 'a', name: 'my-sa' },
    login: 'ok',
    implied: false,
    can,
    cannot,
    at,
  };
  const recipe = patient.recipe;
  if (!recipe || !found || !('accepted' in found) || !found.accepted) throw new Error('no login');
  const bound = { ...recipe, roles: [{ name: 'app', token_policies: ['app'] }] as typeof recipe.roles };
  const verdict = judgeLogin(fact(found), expected, bound);
  const causes = diagnose(x);
  const marks = (links: { link: string; status: string }[] = []) =>
    links.filter(({ link }) => link === 'policy' || link === 'secret').map(({ link, status }) => `${link} ${status}`);
  return {
    causes,
    tries: found.accepted,
    verify: marks(verdict.chain?.links),
    doctor: marks(chainOfDoctor(x, causes)?.links),
    verdict,
  };
}

/** As OpenBao and Vault say them, with what else is so then. */
const refusals: Record<LoginReason | 'bare', [said: string, change: Change]> = {
  bare: ['permission denied', { mayReview: fact({ allowed: false, reason: '' }) }],
  'role-missing': ['invalid role name "app"', { role: fact(undefined) }],
  'service-account-not-bound': [
    'service account name not authorized',
    { role: fact({ ...role, bound_service_account_names: ['other'] }) },
  ],
  'namespace-not-bound': [
    'namespace not authorized',
    { role: fact({ ...role, bound_service_account_namespaces: ['b'] }) },
  ],
  'namespace-selector-unusable': [
    'namespace not authorized err=failed to get namespace (code 403)',
    { role: fact({ ...role, bound_service_account_namespace_selector: '{}' }) },
  ],
  'login-needs-mfa': ['login asks for an mfa_requirement', {}],
  'audience-mismatch': ['invalid audience (aud) claim', {}],
  'login-token-expired': ['invalid expiration time (exp) claim: token is expired', {}],
  'login-token-algorithm': ['unsupported signing algorithm (alg)', {}],
  'clock-skew': ['invalid issued at (iat) claim', {}],
  'issuer-mismatch': ['invalid issuer (iss) claim', {}],
};

const absent: Omit<Expectation, 'implied' | 'can'> = {
  role: 'app',
  service_account: { namespace: 'a', name: 'my-sa' },
  login: 'ok',
  cannot: [],
  at,
};
const made: Drift = { address: 'ServiceAccount a/my-sa', step: 'service-account', action: 'create', fields: [] };

describe('verify and the doctor', () => {
  it.each(Object.entries(refusals))('read a refusal alike, and draw the same chain: %s', (reason, [said, change]) => {
    const x = examination({ ...change, login: refused(said) });
    const { recipe, can } = x.patient;
    const found = x.login?.known ? x.login.value.login : undefined;
    if (!recipe || !found) throw new Error('no login');
    const account = { namespace: 'a', name: 'my-sa' };
    const expected: Expectation = {
      role: 'app',
      service_account: account,
      login: 'ok',
      implied: false,
      can,
      cannot: [],
      at,
    };
    const bound = {
      ...recipe,
      roles: known(x.role.stored) ? ([{ name: 'app', token_policies: ['app'] }] as typeof recipe.roles) : [],
    };
    const verdict = judgeLogin(fact(found), expected, bound);
    const [cause] = diagnose(x);
    const byReason = reason === 'bare' ? ['reviewer-forbidden', 'login-refused'] : [reason, reason];
    expect([cause?.cause, verdict.code]).toEqual(byReason);
    expect([verdict.status, cause && linkOf[cause.stage]]).toEqual([
      'failed',
      reason === 'bare' ? 'token-review' : linkOfReason[reason as LoginReason],
    ]);
    expect(chainOfDoctor(x, diagnose(x))).toEqual(verdict.chain);
  });

  it.each<[who: string, implied: boolean, drift: Drift[], verify: string, doctor: string[]]>([
    ['that only a role names is a warning', true, [], 'warning', []],
    ['that is expected is a fault', false, [], 'failed', ['service-account-missing']],
    ['that the recipe makes is what it mends', true, [made], 'warning', ['service-account-missing']],
  ])('agree of an account that is not there: one %s', (_who, implied, drift, status, causes) => {
    const { patient } = examination();
    const expected: Expectation = { ...absent, implied, can: patient.can };
    const x = examination({
      patient: { ...patient, implied },
      account: fact({ exists: false, namespaceExists: true }),
      login: login({}, { login: { account: 'missing' } }),
      drift,
    });
    if (!patient.recipe) throw new Error('no recipe');
    const bound = {
      ...patient.recipe,
      roles: [{ name: 'app', token_policies: ['app'] }] as typeof patient.recipe.roles,
    };
    const verdict = judgeLogin(fact({ account: 'missing' }), expected, bound);
    expect([verdict.code, verdict.status]).toEqual(['service-account-missing', status]);
    expect(diagnose(x).map(({ cause }) => cause)).toEqual(causes);
    const report = doctorReport([x], patient.recipe);
    const told = report.findings.filter(({ code }) => code === 'service-account-missing').map((one) => one.status);
    expect([told, report.ok]).toEqual(causes.length > 0 ? [['failed'], false] : [['warning'], true]);
    expect(report.findings.map(({ code }) => code)).not.toContain('healthy');
    if (drift.length === 0) expect(chainOfDoctor(x, diagnose(x))).toEqual(verdict.chain);
    expect(verdict.chain?.links[0]?.status).toBe(status);
  });

  it('agree of each claim that is good, and of each secrets engine that is missing', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const { causes, tries } = judge(one);
        const proofs = one.can.map((claim) => ({ claim, proof: proofThatItCan(tries, claim) }));
        const bad = proofs.filter(({ proof }) => !(proof instanceof Good)).map(({ claim }) => claim.path);
        const good = proofs.map(({ claim }) => claim.path).filter((path) => !bad.includes(path));
        expect(causes.filter(({ subject }) => good.includes(subject))).toEqual([]);
        const isMissing = proofs.some(({ proof }) => proof.proof === 'bad' && proof.code === 'secrets-engine-missing');
        const named = causes.filter(({ certainty }) => certainty === 'certain').map(({ cause }) => cause);
        if (named.includes('secrets-engine-missing')) expect(isMissing).toBe(true);
        if (isMissing) expect(named.some((cause) => cause.startsWith('secrets-engine'))).toBe(true);
      }),
      { numRuns: 250 },
    );
  });

  it('draw the same chain of a login that can do too much', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const { verify, doctor, verdict } = judge(one);
        if (verdict.code === 'access-too-wide') expect(doctor).toEqual(verify);
      }),
      { numRuns: 250 },
    );
  });
});
