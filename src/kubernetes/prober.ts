import {
  AuthenticationV1Api,
  AuthorizationV1Api,
  type Configuration,
  CoreV1Api,
  type V1TokenReview,
} from '@kubernetes/client-node';
import { shownText as plain } from '../http/shown-text.ts';
import { Secret } from '../secret.ts';
import type { KubernetesProber, KubernetesReader, TokenReviewAnswer } from './api.ts';
import { ApiRefusal } from './errors.ts';
import { connected } from './library.ts';

/** The API server refuses to make tokens that live shorter. */
const shortestToken = 600;

/** @param configAs a configuration for the same server that shows only this bearer token */
export function createKubernetesProber(
  reader: KubernetesReader,
  config: Configuration,
  configAs: (bearer: Secret) => Configuration,
): KubernetesProber {
  const core = connected(CoreV1Api, config);
  const authorization = connected(AuthorizationV1Api, config);
  return {
    ...reader,
    requestToken: async ({ namespace, name }, { audiences, seconds }) => {
      const spec = { audiences: audiences ?? [], expirationSeconds: Math.max(seconds, shortestToken) };
      const made = await core.createNamespacedServiceAccountToken({ namespace, name, body: { spec } });
      return { token: new Secret(made.status?.token ?? ''), expires: new Date(made.status?.expirationTimestamp ?? 0) };
    },
    reviewToken: async (token, { audiences, as } = {}) => {
      const authentication = connected(AuthenticationV1Api, as ? configAs(as) : config);
      const body = { spec: { token: token.reveal(), audiences } };
      const answer = authentication.createTokenReview({ body }).then(reviewed);
      return as ? answer.catch(refused) : answer;
    },
    whoAmI: async () => {
      const { status } = await connected(AuthenticationV1Api, config).createSelfSubjectReview({ body: {} });
      return status?.userInfo?.username ?? '';
    },
    rules: async (namespace) => {
      const { status } = await authorization.createSelfSubjectRulesReview({ body: { spec: { namespace } } });
      const rules = (status?.resourceRules ?? []).map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups: apiGroups ?? [],
        resources: resources ?? [],
        resourceNames: resourceNames ?? [],
      }));
      return { rules, incomplete: status?.incomplete ?? true };
    },
    mayI: async (action) => {
      const spec = { resourceAttributes: { ...action } };
      const { status } = await authorization.createSelfSubjectAccessReview({ body: { spec } });
      return status?.allowed ?? false;
    },
    reviewAccess: async ({ username, groups }, action) => {
      const resourceAttributes = { ...action };
      const spec = { user: username, groups, resourceAttributes };
      const { status } = await authorization.createSubjectAccessReview({ body: { spec } });
      return { allowed: status?.allowed ?? false, reason: plain(status?.reason ?? status?.evaluationError ?? '') };
    },
  };
}

function reviewed({ status }: V1TokenReview): TokenReviewAnswer {
  const { username, uid, groups } = status?.user ?? {};
  return {
    status: 201,
    authenticated: status?.authenticated ?? false,
    username: username || undefined,
    uid: uid || undefined,
    groups: groups ?? [],
    audiences: status?.audiences ?? [],
    said: plain(status?.error ?? ''),
  };
}

/** An API server that is overloaded or broken, and what is none, has not judged the bearer. */
function refused(error: unknown): TokenReviewAnswer {
  if (!(error instanceof ApiRefusal) || error.code === 'kubernetes-not-an-api-server') throw error;
  const { status, said, message } = error;
  if (status !== 401 && status !== 403) throw error;
  return { status, authenticated: false, groups: [], audiences: [], said: said || message };
}
