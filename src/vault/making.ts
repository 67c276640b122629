import type { Entry, Made, Page } from '../model/ledger.ts';
import { isAboutToken, isForeign, saidIn } from './answers/answers.ts';
import type { VaultData, VaultLogin } from './api.ts';
import type { Asking, Verbs } from './asking.ts';
import { loginOf } from './login/answer.ts';
import type { Sending, VaultAnswer } from './node-vault.ts';
import { asObject, succeeded } from './reader.ts';

/** Something that is made for a moment, and how it is asked for. */
export interface Making extends Made {
  /** Of the request; default `at`. */
  path?: string;
  data: VaultData;
  /** Default: sent once, since each time makes another. */
  repeatable?: boolean;
  /** Nothing can come of it, so an answer that is lost leaves nothing. */
  hopeless?: boolean;
  /** Takes back what has a name, whether its making was answered or not. True: it is gone. */
  end?: () => Promise<boolean>;
}

/** The only way to make anything for a moment: entered, then sent. What was not made is struck out again. */
export async function make(
  page: Page,
  by: Pick<Verbs, 'write'>,
  { path, data, repeatable = false, hopeless = false, end, ...made }: Making,
): Promise<{ answer: VaultAnswer; entry: Entry }> {
  const entry = page.enter(made);
  const mayBe = () => {
    if (hopeless) entry.strike();
    else if (end) entry.made({}, end);
    else entry.lost();
  };
  try {
    const making = { unsent: () => entry.strike() };
    const answer = await by.write(path ?? made.at, data, { repeatable, making });
    if (!succeeded(answer) && !mayBeMade(answer)) entry.strike();
    else if (!succeeded(answer) || end) mayBe();
    return { answer, entry };
  } catch (error) {
    mayBe();
    throw error;
  }
}

/** Whether Vault did it although the answer is no success: one of a gateway, or of a Vault that lost its leader. */
function mayBeMade(answer: VaultAnswer): boolean {
  const { status } = answer;
  if (status < 300 || status === 408 || status === 502 || status === 504) return true;
  if (status < 500) return false;
  return isForeign(answer) || /forward|rpc error|EOF/i.test(saidIn(answer));
}

/** Vault wants a second factor first, or what was unwrapped is something else. An answer without either is no answer. */
function holdsNone({ body }: VaultAnswer): boolean {
  return 'mfa_requirement' in asObject(body?.['auth']) || Object.keys(asObject(body?.['data'])).length > 0;
}

const entries = new WeakMap<VaultLogin, Entry>();

/** The same for a token. `login` is absent where none was given; then nothing is left. */
export async function makeToken(
  asking: Asking,
  by: Verbs,
  making: Making,
  ending: { as: (login: VaultLogin) => Verbs; operator: boolean },
): Promise<{ answer: VaultAnswer; login?: VaultLogin }> {
  const { answer, entry } = await make(asking.page, by, making);
  if (!succeeded(answer)) return { answer };
  const login = loginOf(answer.body);
  if (login.token.empty) {
    if (holdsNone(answer)) entry.strike();
    else entry.lost();
    return { answer };
  }
  const lives = `${login.ttl} s`;
  const end = () => endToken(asking, ending.as(login), login, ending.operator);
  entry.made({ accessor: login.accessor, lives }, login.type === 'batch' ? undefined : end);
  entries.set(login, entry);
  return { answer, login };
}

/** True: it is gone. False: it could not be ended; the ledger tells. What others made is ended alike. */
export async function endLogin(asking: Asking, self: Verbs, login: VaultLogin): Promise<boolean> {
  return await (entries.get(login)?.end() ?? endToken(asking, self, login, true));
}

const tidying: Sending = { repeatable: true, tidying: true };

/** By itself, else by the operator with its accessor. Whatever ended before is gone as well. */
async function endToken(asking: Asking, self: Verbs, { accessor, type }: VaultLogin, operator: boolean) {
  if (type === 'batch') return false;
  try {
    const own = await self.write('auth/token/revoke-self', {}, tidying);
    if (succeeded(own)) return true;
    if (!operator || accessor === '') return isAboutToken(own);
    const answer = await asking.write('auth/token/revoke-accessor', { accessor }, tidying);
    return succeeded(answer) || isAboutToken(own) || /invalid accessor|token not found/.test(saidIn(answer));
  } catch {
    return false;
  }
}
