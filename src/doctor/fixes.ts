import type { CauseId } from '../codes.ts';
import type { Fix } from '../errors.ts';
import { authAddress, configAddress, roleAddress } from '../model/addresses.ts';
import { vaultbind } from '../model/commands.ts';
import { accountOfItsOwn } from '../recipe/reviewers/index.ts';
import { configByHand, ownCluster } from './config-by-hand.ts';
import { type Examination, known } from './examination.ts';

/** Nobody but its owner configures a mount of others (manage: none). Undefined: it is not such a one. */
export function askOwner({ patient }: Examination, why: string): Fix | undefined {
  if (patient.recipe?.auth.manage !== 'none') return undefined;
  return { why: `ask the team that owns ${authAddress(patient.mount)}: ${why}` };
}

export const patientConfig = ({ patient: { mount } }: Examination): string => configAddress(mount);

export const patientRole = ({ patient: { mount, role } }: Examination): string => roleAddress(mount, role);

/**
 * By a step of the recipe; none without one. Where that step would be blocked, its own ways out instead: a command that
 * does not mend is not printed.
 */
export function byRecipe(x: Examination, step: string, why: string): Fix[] {
  const { recipe } = x.patient;
  if (!recipe) return [];
  const blocked = (x.drift ?? []).find((one) => one.step === step && one.action === 'blocked');
  if (blocked?.action === 'blocked') return blocked.fix;
  return [{ why, command: vaultbind(`step ${step}`, { f: recipe.files }) }];
}

/** All that the recipe decides, for what takes more than one step. */
export function applied(x: Examination, why: string, rewrite?: string): Fix[] {
  const { recipe } = x.patient;
  if (!recipe) return [];
  const blocked = (x.drift ?? []).find((one) => one.action === 'blocked');
  if (blocked?.action === 'blocked') return blocked.fix;
  return [{ why, command: vaultbind('apply', { f: recipe.files, rewrite }) }];
}

/** The config as the recipe has it; without a recipe, by hand. Only its owner writes that of others. */
function rewritten(x: Examination, why: string, ofToken = false, changes: Record<string, unknown> = {}): Fix[] {
  const owner = askOwner(x, why);
  if (owner) return [owner];
  if (!x.patient.recipe) return [configByHand(x, why, changes)];
  if (ofToken) return applied(x, why, patientConfig(x));
  const same = x.drift && !x.drift.some(({ address }) => address === patientConfig(x));
  if (same)
    return [{ why: `${patientConfig(x)} is as the recipe has it: have whoever runs the API server look at it` }];
  return byRecipe(x, 'write-config', why);
}

/** How each cause that Vault's log names is mended. With a recipe the fix is a step; without one, what to write. */
export function fixFor(cause: CauseId, x: Examination): Fix[] {
  const config = patientConfig(x);
  switch (cause) {
    case 'reviewer-forbidden':
      return bindReviewer(x);
    case 'client-review-forbidden':
      return bindClients(x);
    case 'reviewer-token-missing':
      return rewritten(x, `write ${config} anew with the reviewer's token: a write replaces all of it`);
    case 'reviewer-token-revoked':
    case 'reviewer-token-expired':
    case 'reviewer-token-malformed':
      return rewritten(x, "send the reviewer's token to Vault again", true);
    case 'login-token-revoked':
      return [
        {
          why: "the application's token is of an account, Pod or Secret that is gone: restart the Pod; the reviewer is fine",
        },
      ];
    case 'login-token-malformed':
      return [{ why: 'send the token file as it is: no quotes, no line end inside, no "Bearer "' }];
    case 'login-token-foreign':
      return [
        {
          why: 'the token was not signed by this cluster: log in at the auth method of the cluster that signed it',
        },
      ];
    case 'login-token-algorithm':
      return [{ why: 'use a token of TokenRequest, as the kubelet puts it into the Pod' }];
    case 'client-review-audience':
      return [{ why: `take the audience off the role, or let a reviewer of its own review (${accountOfItsOwn})` }];
    case 'signing-key-mismatch':
      return rewritten(x, 'clear pem_keys in the auth config: TokenReview judges the token without them', false, {
        pem_keys: [],
      });
    case 'issuer-mismatch':
      return rewritten(x, 'set issuer to what the token says, or leave disable_iss_validation on', false, {
        issuer: known(x.login)?.claims?.issuer ?? '',
      });
    default:
      return rewritten(x, `write host and CA of ${config} anew, as Vault reaches the API server`, false, ownCluster(x));
  }
}

function bindReviewer(x: Examination): Fix[] {
  const why =
    'bind the token reviewer to system:auth-delegator with a ClusterRoleBinding (a RoleBinding is not enough)';
  const owner = askOwner(x, why);
  if (owner) return [owner];
  return x.patient.recipe ? byRecipe(x, 'bind-delegator', why) : [{ why }];
}

function bindClients(x: Examination): Fix[] {
  const why = "bind the application's account to system:auth-delegator with a ClusterRoleBinding";
  const { reviewer } = x.patient.recipe?.auth ?? {};
  if (reviewer?.whoReviews !== 'client') return [{ why }];
  if (!reviewer.binding) return [{ why: 'set reviewer.bind_clients: true in the recipe, and apply it' }];
  return byRecipe(x, 'bind-delegator', why);
}
