import { type Problem, VaultbindError } from '../errors.ts';
import { asReason } from '../model/error-values.ts';
import { isLoopback, judgeUrl } from '../recipe/urls.ts';
import type { Ask } from './ask.ts';
import type { Answered, VaultWay, VaultWhere, Ways } from './connections.ts';
import type { AskLogin } from './login.ts';

/** A Vault that answers, and a token or login it takes; asked for until they are right, stored nowhere. */
export interface ConnectedVault {
  way: VaultWay;
  /** What was asked for; absent: as the environment has it. */
  where: VaultWhere;
}

export interface Connecting {
  ask: Ask;
  ways: Ways;
  askLogin: AskLogin;
  /** Ends a look that is under way. */
  interruptible<T>(look: Promise<T>): Promise<T>;
}

/** The first page. Errors: mistakes that no answer mends; without anybody to ask, all those of the connection. */
export async function connectVault(connecting: Connecting, start: VaultWhere = {}): Promise<ConnectedVault> {
  let where = start;
  for (;;) {
    const reached = await reach(connecting, where);
    if ('way' in reached) return reached;
    where = reached;
  }
}

/** The connection to keep, or what to try next. */
async function reach(
  { ask, ways, askLogin, interruptible }: Connecting,
  where: VaultWhere,
): Promise<ConnectedVault | VaultWhere> {
  const way = await interruptible(ways.vault(where).catch(asReason));
  if (way instanceof VaultbindError) {
    if (!way.problems.every(isAboutAddress)) throw way;
    return { ...where, address: await askAddress(ask, where.address, way) };
  }
  for (const { message } of way.differing ?? []) ask.tell({ warning: message });
  const health = await interruptible(way.reader.health().catch(asReason));
  if (health instanceof VaultbindError) return { ...where, address: await askAddress(ask, way.address, health) };
  const product = health.product === 'openbao' ? 'OpenBao' : 'HashiCorp Vault';
  if (way.noToken) return connectAs(where, await askLogin(way.address, way.noToken));
  const operator = await interruptible(way.reader.operator().catch(asReason));
  if (!(operator instanceof VaultbindError)) {
    ask.tell({ fact: `${product} ${health.version} at ${way.address}` });
    tellOperator(ask, way, operator);
    return { way, where };
  }
  if (operator.code === 'operator-forbidden') return { way, where };
  if (operator.code === 'operator-token-invalid') return connectAs(where, await askLogin(way.address, operator));
  return { ...where, address: await askAddress(ask, way.address, operator) };
}

/** All else that is wrong would still be so at another address. */
function isAboutAddress({ code, subject }: Problem): boolean {
  return code === 'address-missing' || /^(--vault-addr|(VAULT|BAO)_ADDR)$/.test(subject);
}

/** A token or login of before is of no use any more. */
export function connectAs({ address }: VaultWhere, answered: Answered): VaultWhere {
  return { ...(address !== undefined && { address }), ...answered };
}

export async function askAddress(ask: Ask, address: string | undefined, why?: VaultbindError): Promise<string> {
  // That none was given is no news to who did not give one.
  if (why && ask.somebody && why.code !== 'address-missing') ask.tell({ warning: why.message });
  const reason = 'BAO_ADDR, else VAULT_ADDR, says it for all commands; this answer counts for this run alone.';
  let proposed = address ?? 'http://127.0.0.1:8200';
  for (;;) {
    const answer = await ask.text('Address of Vault or OpenBao:', reason, proposed);
    if (answer === undefined) throw why ?? new Error('bug: an address is asked for, and nobody is there');
    const { problem, guess } = judgeUrl(answer);
    if (problem === undefined) return answer;
    ask.tell({ warning: guess === undefined ? problem : `${problem}; Enter takes what was probably meant` });
    proposed = guess === undefined ? proposed : asServed(guess);
  }
}

/** On this machine it is one for trying it out, mostly without TLS. */
function asServed(guess: string): string {
  const { hostname, host } = new URL(guess);
  return isLoopback(hostname) ? `http://${host}` : guess;
}

function tellOperator(ask: Ask, { tokenFrom }: VaultWay, { policies, root }: { policies: string[]; root: boolean }) {
  ask.tell({ fact: `token from ${tokenFrom}, policies ${policies.join(', ')}` });
  if (root) ask.tell({ warning: 'this is a root token: fine for trying it out, not for every day' });
}
