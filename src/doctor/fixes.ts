import type { CauseId } from '../codes.ts';
import type { Fix } from '../errors.ts';
import { authAddress, configAddress } from '../model/addresses.ts';
import { vaultbind } from '../model/commands.ts';
import { accountOfItsOwn } from '../recipe/reviewers/index.ts';
import type { Examination } from './examination.ts';

/** Nobody but its owner configures a mount of others (manage: none). Undefined: it is not such a one. */
export function askOwner({ patient }: Examination, why: string): Fix | undefined {
  if (patient.recipe?.auth.manage !== 'none') return undefined;
  return { why: `ask the team that owns ${authAddress(patient.mount)}: ${why}` };
}

/** How each cause that Vault's log names is mended. With a recipe the fix is a step; without one, what to write. */
export function fixFor(cause: CauseId, x: Examination): Fix[] {
  const { patient } = x;
  const f = patient.recipe?.files;
  const theirs = patient.recipe?.auth.manage === 'none';
  const step = (name: string, why: string): Fix =>
    askOwner(x, why) ?? (f === undefined ? { why } : { why, command: vaultbind(`step ${name}`, { f }) });
  const config = configAddress(patient.mount);
  switch (cause) {
    case 'reviewer-forbidden':
      return [step('bind-delegator', 'bind the token reviewer to system:auth-delegator with a ClusterRoleBinding')];
    case 'reviewer-token-missing':
      return [step('write-config', `write ${config} anew with the reviewer's token: a write replaces all of it`)];
    case 'client-review-forbidden':
      return [
        f === undefined || theirs
          ? { why: "bind the application's account to system:auth-delegator with a ClusterRoleBinding" }
          : {
              why: 'set reviewer.bind_clients: true in the recipe, then',
              command: vaultbind('step bind-delegator', { f }),
            },
      ];
    case 'reviewer-token-revoked':
      return f === undefined || theirs
        ? [step('write-config', `write ${config} again with a token of the reviewer that is alive`)]
        : [
            {
              why: "send the reviewer's token to Vault again",
              command: vaultbind('apply', { f, rewrite: config }),
            },
          ];
    case 'login-token-revoked':
      return [
        {
          why: "the application's token is of an account, Pod or Secret that is gone: restart the Pod; the reviewer is fine",
        },
      ];
    case 'login-token-malformed':
      return [{ why: 'send the token file as it is: no quotes, no line end inside, no "Bearer "' }];
    case 'client-review-audience':
      return [{ why: `take the audience off the role, or let a reviewer of its own review (${accountOfItsOwn})` }];
    case 'signing-key-mismatch':
      return [step('write-config', 'clear pem_keys in the auth config: TokenReview judges the token without them')];
    default:
      return [step('write-config', `write host and CA of ${config} anew, as Vault reaches the API server`)];
  }
}
