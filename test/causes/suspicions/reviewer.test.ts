import { describe, expect, it } from 'vitest';
import { configByHand } from '../../../src/causes/config-by-hand.ts';
import { reviewerCauses } from '../../../src/causes/suspicions/reviewer.ts';
import { shownFix } from '../../../src/model/printed.ts';
import type { Recipe } from '../../../src/recipe/recipe.ts';
import {
  bare,
  config,
  examination,
  fact,
  hidden,
  login,
  type Row,
  role,
  tokenSecret,
  told,
  withoutRecipe,
} from '../healthy.ts';

const dead =
  'login unauthorized: lookup failed: service account unauthorized; this could mean it has been deleted or recreated with a new token';
const forbidden = (account: string) =>
  `login unauthorized: tokenreviews.authentication.k8s.io is forbidden: User "system:serviceaccount:a:${account}" cannot create resource "tokenreviews"`;
const no = fact({ allowed: false, reason: '' });
const none = fact({ ...config, token_reviewer_jwt_set: false });
const client = fact({ ...config, token_reviewer_jwt_set: false, disable_local_ca_jwt: true });
const notTaken = { status: 401 as const, authenticated: false, groups: [], audiences: [], said: 'Unauthorized' };

const withRecipe: Row[] = [
  ['reviews', {}],
  [
    'may not create tokenreviews: by the rights alone',
    { mayReview: no, login: bare(null) },
    'reviewer-forbidden certain',
  ],
  [
    'may not create tokenreviews: by the log alone',
    { mayReview: hidden(), login: bare([forbidden('vault-reviewer')]) },
    'reviewer-forbidden certain',
  ],
  ['may not, and a login went through: another account reviewed it', { mayReview: no, login: login() }],
  [
    'is another account than the recipe has, which may not',
    { login: bare([forbidden('other')]) },
    'reviewer-forbidden certain',
  ],
  [
    'its Secret is gone, and the log says that the token is dead',
    { reviewerSecret: fact(undefined), login: bare([dead]) },
    'reviewer-token-revoked certain',
  ],
  [
    'its Secret is gone, and the log was not heard',
    { reviewerSecret: fact(undefined), login: bare(null) },
    'reviewer-token-revoked likely',
  ],
  [
    'the token in its Secret is not taken',
    { reviewerSecret: fact({ ...tokenSecret, review: notTaken }), login: bare([dead]) },
    'reviewer-token-revoked certain',
  ],
  [
    'its Secret is good and the stored token is dead: one cause, for the repair is the same',
    { login: bare([dead]) },
    'reviewer-token-revoked likely',
  ],
  [
    'its Secret holds a token that ended',
    {
      reviewerSecret: fact({
        ...tokenSecret,
        expires: new Date(0),
        review: { ...tokenSecret.review, status: 401 as const, authenticated: false, said: 'expired' },
      }),
      login: bare([dead]),
    },
    'reviewer-token-expired certain',
  ],
  [
    'its Secret was made anew and never sent',
    { reviewerSecret: fact({ ...tokenSecret, uid: 'u9' }), login: bare(null) },
    'reviewer-token-revoked likely',
  ],
  ['its Secret may not be read, and nothing was heard', { reviewerSecret: hidden(), login: bare(null) }],
  [
    'its Secret is Opaque',
    { reviewerSecret: fact({ ...tokenSecret, type: 'Opaque' }), login: bare(null) },
    'token-secret-wrong-type certain',
  ],
  [
    'its Secret is of another account',
    { reviewerSecret: fact({ ...tokenSecret, serviceAccount: 'my-sa' }), login: bare(null) },
    'token-secret-wrong-type certain',
  ],
  ['no token is stored', { config: none, login: bare([dead]) }, 'reviewer-token-missing certain'],
  [
    'no token is stored, and each login shall review itself',
    { config: client, login: bare([dead]) },
    'reviewer-token-missing certain',
  ],
  [
    'no token is stored, because there is no Secret',
    { config: none, reviewerSecret: fact(undefined), login: bare([dead]) },
    'token-secret-missing certain',
    'reviewer-token-missing certain',
  ],
  ['its Secret is broken and the login went through', { reviewerSecret: fact(undefined), login: login() }],
];

describe('the reviewer of a recipe', () => {
  it.each(withRecipe)('%s', (_what, change, ...says) => {
    const [first, ...rest] = told(reviewerCauses(examination(change)));
    expect([first, ...rest.toSorted()]).toEqual([says[0], ...says.slice(1).toSorted()]);
  });
  it('is another one: then the stored token is named, and not that account, which nobody should bind', () => {
    const [first] = reviewerCauses(examination({ login: bare([forbidden('other')]) }));
    expect(first?.subject).toBe('auth/k/config');
    expect(JSON.stringify(first?.evidence)).toContain('a/other');
    expect(JSON.stringify(first?.fix.map(shownFix))).toContain('--rewrite auth/k/config');
  });
});

const alone: Row[] = [
  ['reviews', {}],
  ['a stored token that may not', { login: bare([forbidden('whoever')]) }, 'reviewer-forbidden certain'],
  [
    'client review by an account that may not',
    { config: client, mayReview: no, login: bare([forbidden('my-sa')]) },
    'client-review-forbidden certain',
    'client-review-forbidden certain',
  ],
  [
    'client review with an audience that the API server does not take',
    { config: client, role: fact(role), login: bare([dead], { ownReview: notTaken }) },
    'client-review-audience certain',
  ],
  [
    'no token is stored, and who reviews is not known',
    { config: none, login: bare([dead]) },
    'reviewer-token-missing likely',
  ],
];

describe('the reviewer without a recipe', () => {
  it.each(alone)('%s', (_what, change, ...says) => expect(told(reviewerCauses(withoutRecipe(change)))).toEqual(says));
  it('is nobody where the account must be refused, and no token was made to try it', () => {
    const x = withoutRecipe({ config: client, mayReview: no, login: hidden('audience-not-minted') });
    const stranger = { ...x, patient: { ...x.patient, stranger: true } };
    expect([x, stranger].map((one) => told(reviewerCauses(one)))).toEqual([['client-review-forbidden certain'], []]);
  });
});

describe('the fix for a right that is missing', () => {
  const command = (x: Parameters<typeof reviewerCauses>[0]) => reviewerCauses(x)[0]?.fix.map(shownFix)[0]?.command;
  it('is a step with a recipe, and the binding by kubectl without one', () => {
    expect(command(examination({ login: bare([forbidden('vault-reviewer')]) }))).toBe(
      'vaultbind step bind-delegator -f recipe.yaml',
    );
    expect(command(withoutRecipe({ login: bare([forbidden('other')]) }))).toBe(
      'kubectl create clusterrolebinding a-other-delegator --clusterrole=system:auth-delegator --serviceaccount=a:other',
    );
  });
});

describe('a config written by hand', () => {
  const delegators = fact([
    { binding: 'm', kind: 'ServiceAccount' as const, namespace: 'kube-system', name: 'metrics-server' },
  ]);
  const x = withoutRecipe({ config: none, login: bare([dead]), delegators });
  const shown = (one: typeof x) => shownFix(configByHand(one, 'write it'));
  const stored = withoutRecipe({ delegators });

  it('makes no token of an account that merely may review: it is named, and no command is printed', () => {
    const { why, command } = shown(stored);
    expect(command).toBeUndefined();
    expect(why).toContain('kube-system/metrics-server');
    expect(why).toContain('--reviewer NAMESPACE/NAME');
  });
  it('makes a token of the account that the operator names', () => {
    const reviewer = { namespace: 'b', name: 'mine' };
    const { command } = shown({ ...stored, patient: { ...stored.patient, reviewer } });
    expect(command).toContain('"kubernetes.io/service-account.name":"mine"');
    expect(command).not.toContain('metrics-server');
  });
  it('has no token where none was stored, whoever may review', () =>
    expect(shown(x).command).not.toContain('metrics-server'));
});

describe('the reviewer of a cluster elsewhere', () => {
  const elsewhere = fact({ ...config, kubernetes_host: 'https://10.9.9.9:6443', kubernetes_ca_cert: 'OTHER' });
  it('is foreign first', () => {
    expect(told(reviewerCauses(examination({ config: elsewhere, login: bare([dead]) })))[0]).toBe(
      'reviewer-token-foreign likely',
    );
  });
});

describe('a mount of another team', () => {
  const { patient } = examination();
  const recipe: Recipe | undefined = patient.recipe && {
    ...patient.recipe,
    auth: {
      ...patient.recipe.auth,
      manage: 'none',
      reviewer: {
        mode: 'token_secret',
        whoReviews: 'others',
        storesToken: false,
        config: {},
        at: patient.recipe.auth.at,
      },
    },
  };
  it("is not judged by the recipe's reviewer", () => {
    const x = examination({
      patient: { ...patient, ...(recipe ? { recipe } : {}) },
      reviewerSecret: fact(undefined),
      login: bare(null),
    });
    expect(told(reviewerCauses(x))).toEqual([]);
  });
});
