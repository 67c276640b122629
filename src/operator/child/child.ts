import { type Fix, SystemError } from '../../errors.ts';
import { gate } from '../../http/gate.ts';
import { childPolicyName, childTtl } from '../../model/child-policy-name.ts';
import { vault } from '../../model/commands.ts';
import { isAboutToken, saidIn } from '../../vault/answers/answers.ts';
import type { VaultLogin } from '../../vault/api.ts';
import { type Asking, createAsking } from '../../vault/asking.ts';
import { patience } from '../../vault/client.ts';
import type { VaultConnection, VaultOptions } from '../../vault/connection.ts';
import { childGate } from '../../vault/gates.ts';
import { makeToken } from '../../vault/making.ts';
import type { VaultAnswer } from '../../vault/node-vault.ts';
import { wireTo } from '../../vault/wire.ts';
import { keepPolicy, removeLeftPolicies } from './policy.ts';

/** What a child may do: rules of its own, for which a policy is made and removed again, or policies that are there. */
export type ChildRights = { rules: string } | { policies: string[] };

/** A short-lived token below the operator's own. */
export interface Child {
  /** The operator's connection, with the child's token. */
  connection: VaultConnection;
  /** Revokes the token and removes the policy made for it; goes out even after an interruption. The ledger tells of what is left. */
  end(): Promise<void>;
}

/**
 * Makes a child, which ends with its parent at the latest. Leaves nothing behind when it cannot.
 * Errors: SystemError child-token-refused, child-token-unlimited; those of a Vault that does not answer.
 */
export async function makeChild(
  parent: VaultConnection,
  options: VaultOptions,
  rights: ChildRights,
  now = new Date(),
): Promise<Child> {
  const wire = wireTo(parent, options);
  const transport = gate(wire, 'a child token', childGate);
  const page = options.work.ledger.page();
  // The younger is drained first: without its policy the token could not end itself.
  const tokens = options.work.ledger.page();
  const asking = createAsking({ connection: parent, transport, ungated: transport, warnings: [], page });
  const own = 'rules' in rights ? childPolicyName(now) : '';
  const end = async () => {
    for (const one of [tokens, page]) await one.drain(patience(parent));
    await wire.close();
  };
  try {
    if ('rules' in rights) {
      await removeLeftPolicies(asking, now);
      await keepPolicy(asking, own, rights.rules);
    }
    const policies = 'rules' in rights ? [own] : rights.policies;
    const made = await createToken({ ...asking, page: tokens }, policies, own !== '');
    refuseMore(parent, made, policies);
    return { connection: childConnection(parent, made, now), end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Sent once: a token whose answer was lost is one that nobody can revoke. */
async function createToken(asking: Asking, policies: string[], isOwn: boolean): Promise<VaultLogin> {
  const ttl = `${childTtl}s`;
  const at = 'auth/token/create';
  const data = {
    policies,
    ttl,
    explicit_max_ttl: ttl,
    renewable: false,
    // A policy of its own says how the child asks about itself and ends; others may rely on the default policy.
    no_default_policy: isOwn,
    display_name: 'vaultbind-child',
  };
  const made = { kind: 'child token' as const, at, who: '', lives: () => `${childTtl} s` };
  const ending = { as: ({ token }: VaultLogin) => asking.as(token), operator: true };
  const { answer, login } = await makeToken(asking, asking, { ...made, data }, ending);
  if (login) return login;
  throw await refused(asking, answer, isOwn);
}

async function refused(asking: Asking, answer: VaultAnswer, isOwn: boolean) {
  const path = 'auth/token/create';
  if (isAboutToken(answer) || answer.status >= 500) return await asking.refuse({ verb: 'write', path }, answer);
  return new SystemError({
    code: 'child-token-refused',
    subject: path,
    message: `Vault made no child of the token from ${asking.connection.tokenFrom}: ${saidIn(answer) || answer.status}`,
    fix: waysOut(saidIn(answer), isOwn),
  });
}

function waysOut(said: string, isOwn: boolean): Fix[] {
  if (/batch tokens|restricted use token/.test(said))
    return [
      { why: 'batch tokens and tokens of few uses have no children: work with it as it is, without --child-token' },
    ];
  const subset: Fix = {
    why: 'without sudo on auth/token/create a child has policies of its parent alone: name one that the token has, with no more than the recipe needs, with --child-policy NAME',
  };
  return isOwn
    ? [
        subset,
        {
          why: 'or ask who runs Vault, for a trusted operator: path "auth/token/create" { capabilities = ["update", "sudo"] }',
        },
      ]
    : [subset, { why: 'see which it has', command: vault('token lookup') }];
}

/** A child belongs to its parent's entity, and has the policies of that. */
function refuseMore({ tokenFrom }: VaultConnection, made: VaultLogin, wanted: string[]): void {
  const names = ['default', ...wanted.map((name) => name.toLowerCase())];
  const more = made.policies.filter((name) => !names.includes(name));
  if (more.length === 0) return;
  throw new SystemError({
    code: 'child-token-unlimited',
    subject: 'auth/token/create',
    message: `a child of the token from ${tokenFrom} would have the policies of its entity besides: ${more.join(', ')}; it was revoked`,
    fix: [
      { why: 'log in as an entity without policies of its own or of its groups; the role of the login can have them' },
      { why: 'see which it has of itself and which of its entity', command: vault('token lookup') },
    ],
  });
}

function childConnection(parent: VaultConnection, made: VaultLogin, now: Date): VaultConnection {
  const lease = { at: 'auth/token', of: 'child' as const, ttl: made.ttl, since: now.getTime() };
  return { ...parent, token: made.token, tokenFrom: `a child of ${parent.tokenFrom}`, lease };
}
