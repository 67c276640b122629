import type { Experiment } from '../contracts/experiment.ts';
import type { TokenReviewAnswer } from '../kubernetes/api.ts';
import { claims, type TokenClaims } from '../kubernetes/jwt.ts';
import { authAddress } from '../model/addresses.ts';
import { loginPass } from './login-pass.ts';
import { type Ear, type Overheard, overhear } from './monitor.ts';
import { quietly } from './or-unknown.ts';
import { configRead, type LoginFact, type LoginSubject, logIn, requestsOf } from './workload-login.ts';

export interface ObservedLoginSubject extends LoginSubject, Ear {}

/** A login with all that can be seen of it from both sides. */
export interface ObservedLogin {
  login: LoginFact;
  /** What the token says of itself; undefined when it is no JWT. */
  claims?: TokenClaims;
  /** From request to answer: at once means that no network was involved or that it refused at once. */
  milliseconds: number;
  overheard: Overheard;
  /** The operator's TokenReview of the same token, without audiences and with the token's own; undefined where not allowed. */
  review?: TokenReviewAnswer;
  /** The token's TokenReview of itself: what Vault does in client review. */
  ownReview?: TokenReviewAnswer;
}

/** Logs in with a fresh or a given token while listening to Vault's log, and has the token judged by Kubernetes. */
export const observedLogin: Experiment<ObservedLoginSubject, ObservedLogin> = {
  id: 'observed-login',
  title: ({ mount, role, service_account: { namespace, name } }) =>
    `login at ${authAddress(mount)} as ServiceAccount ${namespace}/${name} with role ${role}, with an ear on Vault's log`,
  cost: 'login',
  access: ({ mount, service_account: { namespace, name } }) => [
    configRead(mount),
    {
      system: 'vault',
      path: 'sys/monitor',
      capabilities: ['read'],
      phase: 'verify',
      optional: "the reason that Vault's own log gives is not heard",
    },
    {
      system: 'kubernetes',
      verb: 'create',
      group: '',
      resource: 'serviceaccounts/token',
      namespace,
      name,
      phase: 'verify',
    },
    {
      system: 'kubernetes',
      verb: 'create',
      group: 'authentication.k8s.io',
      resource: 'tokenreviews',
      phase: 'verify',
      optional: 'the token that logs in is not judged by Kubernetes',
    },
  ],
  // Besides the login: Vault's log, and two reviews of the token.
  requests: (subject) => requestsOf(subject) + 3,
  run: async (trying, subject) => {
    const { vault, kubernetes } = trying;
    const pass = await loginPass(trying, subject);
    if (!pass) return { login: { account: 'missing' }, milliseconds: 0, overheard: notListened };
    const { jwt } = pass;
    const started = performance.now();
    const timed = async () => {
      const login = await logIn(vault, pass, subject);
      return { login, milliseconds: performance.now() - started };
    };
    const { result, overheard } = await overhear(vault, subject, timed);
    const said = claims(jwt);
    const audiences = said && said.audiences.length > 0 ? { audiences: said.audiences } : {};
    const review = await quietly(() => kubernetes.reviewToken(jwt, audiences));
    const ownReview = await quietly(() => kubernetes.reviewToken(jwt, { as: jwt }));
    return {
      ...result,
      overheard,
      claims: said,
      review,
      ownReview,
    };
  },
};

const notListened: Overheard = { listened: false, because: 'there was no login to listen to' };
