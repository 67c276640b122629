import { SystemError } from '../../errors.ts';
import { policiesAddress, policyAddress } from '../../model/addresses.ts';
import { isLeftChildPolicy } from '../../model/child-policy-name.ts';
import { quietly } from '../../model/error-values.ts';
import { printGrant } from '../../policy/print.ts';
import { isAboutToken, saidIn, stringsIn } from '../../vault/answers/answers.ts';
import type { Asking } from '../../vault/asking.ts';
import { make } from '../../vault/making.ts';
import { asObject, dataOf, succeeded } from '../../vault/reader.ts';

/** Errors: SystemError child-token-refused. */
export async function keepPolicy(asking: Asking, name: string, policy: string): Promise<void> {
  const path = policyAddress(name);
  const made = {
    kind: 'child policy' as const,
    at: path,
    who: '',
    lives: () => '',
    end: () => removePolicy(asking, name),
  };
  const { answer } = await make(asking.page, asking, { ...made, data: { policy }, repeatable: true });
  if (succeeded(answer)) return;
  if (isAboutToken(answer) || answer.status >= 500) throw await asking.refuse({ verb: 'write', path }, answer);
  throw new SystemError({
    code: 'child-token-refused',
    subject: path,
    message: `the token from ${asking.connection.tokenFrom} may not make the policy of its child: ${saidIn(answer) || answer.status}`,
    fix: [
      {
        why: 'name a policy that the token has and that allows no more than the recipe needs, with --child-policy NAME; vaultbind permissions prints it',
      },
      {
        why: `or ask who runs Vault, for a trusted operator: ${printGrant(policyAddress('vaultbind-child-*'), ['create', 'update', 'delete'])} ${printGrant('auth/token/create', ['update', 'sudo'])}`,
      },
    ],
  });
}

/** Goes out even after an interruption. False: it may be there still. */
async function removePolicy(asking: Asking, name: string): Promise<boolean> {
  try {
    return succeeded(await asking.remove(policyAddress(name), { repeatable: true, tidying: true }));
  } catch {
    return false;
  }
}

/** Of runs that were killed. Who may not look for them, or not remove them, leaves them to somebody else. */
export async function removeLeftPolicies(asking: Asking, now: Date): Promise<void> {
  await quietly(async () => {
    const answer = await asking.list(policiesAddress);
    const names = succeeded(answer) ? stringsIn(asObject(dataOf(answer))['keys']) : [];
    await Promise.all(names.filter((name) => isLeftChildPolicy(name, now)).map((name) => removePolicy(asking, name)));
  });
}
