import type { Experiment } from '../contracts/experiment.ts';
import type { TokenReviewAnswer } from '../kubernetes/api.ts';
import { claims, type TokenClaims } from '../kubernetes/jwt.ts';
import { accountAddress, authAddress } from '../model/addresses.ts';
import { quietly } from '../model/error-values.ts';
import { loginPass } from './login-pass.ts';
import { type Ear, type Overheard, overhear } from './monitor.ts';
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
  /** The refused token's TokenReview of itself: what Vault does in client review. */
  ownReview?: TokenReviewAnswer;
}

/** Logs in with a fresh or a given token while listening to Vault's log. */
export const observedLogin: Experiment<ObservedLoginSubject, ObservedLogin> = {
  id: 'observed-login',
  title: ({ mount, role, service_account }) =>
    `login at ${authAddress(mount)} as ${accountAddress(service_account)} with role ${role}, with an ear on Vault's log`,
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
  ],
  // Besides the login: Vault's log, and a review of the token.
  requests: (subject) => requestsOf(subject) + 2,
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
    const ownReview = result.login.refused ? await quietly(() => kubernetes.reviewToken(jwt, { as: jwt })) : undefined;
    return { ...result, overheard, claims: said, ownReview };
  },
};

const notListened: Overheard = { listened: false, because: 'there was no login to listen to' };
