import { SystemError } from '../errors.ts';
import type { LedgerEntry, LedgerPage, Made } from '../model/ledger.ts';
import { isAboutToken, isForeign, isRedirect, saidIn } from './answers/answers.ts';
import { loginOf } from './answers/login.ts';
import { isOwnFailure } from './answers/login-refusal.ts';
import type { VaultData, VaultLogin } from './api.ts';
import type { Asking, Verbs } from './asking.ts';
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
  page: LedgerPage,
  by: Pick<Verbs, 'write'>,
  { path, data, repeatable = false, hopeless = false, end, ...made }: Making,
): Promise<{ answer: VaultAnswer; entry: LedgerEntry }> {
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

/**
 * Whether Vault may have done it although the answer is no success. Only its own refusal, its redirect to another node
 * and a failure that comes before any token rule that out: Vault answers 500 as well where it made the thing and could
 * not write its audit log.
 */
function mayBeMade(answer: VaultAnswer): boolean {
  const { status, location = '' } = answer;
  if (isRedirect(answer)) return !(URL.canParse(location) && new URL(location).pathname.startsWith('/v1/'));
  if (isForeign(answer) || status < 400 || status === 408) return true;
  return status >= 500 && !isOwnFailure(answer);
}

/** Vault wants a second factor first, or what was unwrapped is something else. An answer without either is no answer. */
function holdsNone({ body }: VaultAnswer): boolean {
  return 'mfa_requirement' in asObject(body?.['auth']) || Object.keys(asObject(body?.['data'])).length > 0;
}

const entries = new WeakMap<VaultLogin, LedgerEntry>();

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
  const end = endingOf(asking, ending.as(login), login, ending.operator);
  entry.made({ accessor: login.accessor, lives }, login.type === 'batch' ? undefined : end);
  entries.set(login, entry);
  return { answer, login };
}

/** True: it is gone. False: it could not be ended; the ledger tells. What others made is ended alike. */
export async function endLogin(asking: Asking, self: Verbs, login: VaultLogin): Promise<boolean> {
  return await (entries.get(login)?.end() ?? endingOf(asking, self, login, true)());
}

const tidying = { tidying: true };
const again: Sending = { ...tidying, repeatable: true };

/**
 * By itself, else by the operator with its accessor. True only for what Vault confirms: a node that does not know the
 * token yet refuses it with the same words as one that does not know it any more.
 */
function endingOf(asking: Asking, self: Verbs, { accessor, type }: VaultLogin, operator: boolean) {
  // The answer to an earlier revoke: then a token that is unknown was ended by that.
  let lost = false;
  const bySelf = async () => {
    if (lost) return await self.write(revokeSelf, {}, again);
    const answer = await self.write(revokeSelf, {}, { ...tidying, repeatable: false }).catch((error: unknown) => {
      lost = true;
      if (error instanceof SystemError && error.code === 'timeout') throw error;
    });
    if (answer && answer.status < 500 && answer.status !== 429) return answer;
    lost ||= answer?.status !== 429;
    return await self.write(revokeSelf, {}, again);
  };
  return async (): Promise<boolean> => {
    if (type === 'batch') return false;
    try {
      const own = await bySelf();
      if (succeeded(own) || (lost && isAboutToken(own))) return true;
      if (!operator || accessor === '') return false;
      const answer = await asking.write('auth/token/revoke-accessor', { accessor }, again);
      return succeeded(answer) || /invalid accessor|token not found/.test(saidIn(answer));
    } catch {
      return false;
    }
  };
}

const revokeSelf = 'auth/token/revoke-self';
