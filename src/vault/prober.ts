import { SystemError } from '../errors.ts';
import { gate } from '../http/gate.ts';
import { loginAddress, roleAddress } from '../model/addresses.ts';
import { Secret } from '../secret.ts';
import { saidIn } from './answers/answers.ts';
import { isJudged } from './answers/login-refusal.ts';
import type { VaultLogin, VaultProber, VaultReader, VaultRefusal } from './api.ts';
import type { Asking } from './asking.ts';
import { inParts } from './capabilities.ts';
import { workloadGate } from './gates.ts';
import { endLogin, makeToken } from './making.ts';
import type { VaultMemory } from './memory.ts';
import { openMonitor } from './monitor.ts';
import type { VaultAnswer } from './node-vault.ts';
import { dataOf, succeeded } from './reader.ts';
import { heldCapabilities } from './rights.ts';
import { mountAt, mountsOf, tryAs } from './try-as.ts';

export function createVaultProber(reader: VaultReader, asking: Asking, memory: VaultMemory<VaultAnswer>): VaultProber {
  const workload = gate(asking.ungated, 'a workload token', workloadGate);
  const nobody = asking.as(undefined);
  const clients = new WeakMap<VaultLogin, Asker>();
  const as = (login: VaultLogin): Asker => {
    const client = clients.get(login) ?? asking.as(login.token, workload);
    clients.set(login, client);
    return client;
  };
  const login = async (mount: string, role: string, jwt: Secret, who: string): Promise<VaultLogin | VaultRefusal> => {
    const path = loginAddress(mount);
    const lives = () => ttlOf(memory.known(`read ${roleAddress(mount, role)}`));
    const made = { kind: 'workload token' as const, at: path, who: `${who} with role ${role}`, lives };
    // Not repeatable: each login makes a token, and the lost one could not be revoked.
    const { answer, login: given } = await makeToken(
      asking,
      nobody,
      { ...made, data: { role, jwt: jwt.reveal() }, hopeless: who === '' },
      { as, operator: true },
    );
    if (given) return given;
    if (succeeded(answer)) return { status: answer.status, said: withoutToken };
    if (!isJudged(answer)) throw await asking.refuse({ verb: 'write', path }, answer);
    return { status: answer.status, said: saidIn(answer) };
  };
  return {
    ...reader,
    login: (mount, role, jwt, who) => login(mount.path, role, jwt, who),
    impossibleLogin: (mount) => login(mount, 'vaultbind-no-such-role', unsigned, ''),
    capabilities: (login, paths) => inParts(paths, (part) => capabilities(asking, as(login), login, part)),
    tryAs: (login, request, options) => tryAs(asking, as(login), request, options),
    mountsOf: (login) => mountsOf(asking, as(login)),
    mountAt: (login, path) => mountAt(asking, as(login), path),
    revoke: (login) => endLogin(asking, as(login), login),
    monitor: () => openMonitor(asking),
  };
}

/** A token of the right shape that nobody signed. */
const unsigned = new Secret('eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ2YXVsdGJpbmQifQ.bm9ib2R5');

const withoutToken = 'accepted, and no token was given: Vault asks for a second factor (mfa_requirement)';

type Asker = ReturnType<Asking['as']>;

async function capabilities(asking: Asking, self: Asker, login: VaultLogin, paths: string[]) {
  const repeatable = { repeatable: true };
  const path = 'sys/capabilities-accessor';
  const asked = { verb: 'write' as const, path };
  // Asking with a token of few uses would spend one, and its last one ends it.
  if (login.uses === 0 || login.accessor === '') {
    const own = await self.write('sys/capabilities-self', { paths }, repeatable);
    if (succeeded(own)) return heldCapabilities(asking, own, paths, 'sys/capabilities-self');
    if (isUnusable(own)) throw unusable(login);
    if (own.status !== 403 || login.accessor === '')
      throw await asking.refuse({ ...asked, path: 'sys/capabilities-self' }, own);
  }
  const answer = await asking.write(path, { accessor: login.accessor, paths }, repeatable);
  if (!succeeded(answer)) throw await asking.refuse(asked, answer);
  return heldCapabilities(asking, answer, paths, path);
}

/** OpenBao says so, and no more, to every request of a token of which it cannot make the policies. */
function isUnusable(answer: VaultAnswer): boolean {
  return answer.status === 400 && /^forbidden$/i.test(saidIn(answer));
}

function unusable({ policies }: VaultLogin): SystemError {
  return new SystemError({
    code: 'policy-template-unresolved',
    subject: policies.join(', '),
    message:
      'the login goes through and OpenBao refuses every request of its token (400 Forbidden): a template in one of its policies comes to a value that no path may have, as a name with a slash',
    fix: [
      {
        why: 'with alias_name_source: serviceaccount_name an alias is named namespace/name: write serviceaccount_uid into the role, or use {{identity.entity.aliases.ACCESSOR.metadata.service_account_name}} in the policy',
      },
      { why: 'or let the policy take slashes, if that is meant (allow_slashes_in_identity_templates of OpenBao)' },
    ],
  });
}

/** How long a token of this role lives at most, as far as it was read. */
function ttlOf(role: VaultAnswer | undefined): string {
  const { token_ttl: ttl, token_max_ttl: most } = (role && dataOf(role)) ?? {};
  const seconds = Number(ttl ?? 0) || Number(most ?? 0);
  return seconds > 0 ? `${seconds} s` : "the token_ttl of its role, else the mount's default";
}
