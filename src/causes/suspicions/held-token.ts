import type { CauseId } from '../../codes.ts';
import { type Examination, known } from '../../facts/examination.ts';
import type { Family, Suspected } from '../cause.ts';
import { projectToken } from '../fixes.ts';

/** What a token that somebody has shows by itself, before any login. */
export const heldTokenCauses: Family = (x) => {
  const held = known(x.held);
  if (!held) return [];
  if (!held.claims)
    return [
      suspicion(
        'login-token-malformed',
        'is not three parts of base64url with a point between',
        'send the token file as it is: no quotes, no "Bearer ", no line ends inside',
      ),
    ];
  const { expires, subject = '' } = held.claims;
  if (expires && expires < new Date())
    return [
      suspicion(
        'login-token-expired',
        `ended at ${expires.toISOString()}`,
        'read the token file again: the kubelet renews it there',
      ),
    ];
  if (!subject.startsWith('system:serviceaccount:'))
    return [
      suspicion(
        'login-token-foreign',
        `sub is ${JSON.stringify(subject)}, which is no ServiceAccount`,
        'log in with the token of a ServiceAccount: a Pod finds its own in /var/run/secrets/kubernetes.io/serviceaccount/token',
      ),
    ];
  if (!held.claims.serviceAccount)
    return [
      suspicion(
        'login-token-malformed',
        'has no claim kubernetes.io, which names the account',
        'take a token of TokenRequest, or the one that the kubelet puts into the Pod',
      ),
    ];
  return [...notAuthenticated(x), ...audienceNobodyWants(x)];
};

function suspicion(cause: CauseId, said: string, why: string, experiment = 'held-token'): Suspected {
  return {
    cause,
    certainty: 'certain',
    subject: 'login token',
    evidence: [{ experiment, said }],
    fix: [{ why }],
  };
}

/** The operator's TokenReview judges the token, whoever Vault's reviewer is. */
function notAuthenticated(x: Examination): Suspected[] {
  const { review } = known(x.held) ?? {};
  if (!review || review.authenticated) return [];
  const said = `TokenReview: ${review.said || 'not authenticated'}`;
  if (/deleted|invalidated|not found|UID/i.test(review.said))
    return [suspicion('login-token-revoked', said, 'restart the Pod: its account, Pod or Secret was made anew')];
  if (/not valid yet/i.test(review.said))
    return [
      suspicion(
        'clock-skew',
        said,
        "set the clocks right: the token's times lie in the future of the API server's clock",
      ),
    ];
  const { server } = x.kubeconfig;
  return [
    suspicion(
      'login-token-foreign',
      `${said}; asked was ${server}`,
      'the token is of another cluster: log in at the auth method of that cluster, or name its context with --context',
    ),
  ];
}

/** Without a role that was asked for: do the roles that bind this account take a token for this audience? */
function audienceNobodyWants(x: Examination): Suspected[] {
  const { audiences = [] } = known(x.held)?.claims ?? {};
  const binding = x.role.binding;
  const taken = binding.some(({ audience }) => audience === '' || audiences.includes(audience));
  if (binding.length === 0 || taken) return [];
  const wanted = binding.map(({ role, audience }) => `role ${role} wants ${audience}`).join(', ');
  return [
    suspicion(
      'audience-mismatch',
      `the token is for ${audiences.join(', ') || 'nobody in particular'}; ${wanted}`,
      projectToken(binding[0]?.audience ?? '').why,
      'auth-role',
    ),
  ];
}
