import type { VaultbindError } from '../errors.ts';
import { shownFix } from '../model/printed.ts';
import type { LoginInput } from '../operator/login/method.ts';
import type { TypedInput, TypedLogin } from '../operator/login/place.ts';
import type { Ask } from './ask.ts';
import type { Answered, LoginWay, Ways } from './connections.ts';

/** One thing to ask about a login. */
export interface LoginQuestion {
  input: LoginInput;
  message: string;
  why: string;
  /** Never of a secret. */
  default?: string;
  /** What Enter alone does with a secret: takes it from where it is already, or names a file. */
  otherwise?: 'given' | 'file';
}

/** Answers of before that are no secrets: by method and input, a file by the name of its flag. */
export type Remembered = Map<string, string>;

/** Asks as whom to speak to Vault. Errors: `why`, when nobody is there to answer. */
export type AskLogin = (address: string, why?: VaultbindError) => Promise<Answered>;

const missing = ['token-missing', 'login-input-missing'];

/** For one conversation: what was answered is offered again, but for secrets. */
export function askingLogin(ask: Ask, ways: Ways): AskLogin {
  const logins = ways.logins();
  const remembered: Remembered = new Map();
  const refused = new Set<string>();
  let chosen = logins.named ?? 'token';
  return async (address, why) => {
    const wasRefused = why?.code !== undefined && !missing.includes(why.code);
    if (why && !ask.somebody) throw why;
    if (why) tellWhy(ask, why);
    if (wasRefused) refused.add(chosen);
    ask.tell({
      fact: 'Secrets are not shown and not stored. What a login makes is ended with this run; a token of yours is not.',
    });
    const choices = logins.ways.map(({ method }) => ({ value: method.name, name: method.name, says: method.summary }));
    chosen = await ask.choice(`How to log in to ${address}?`, choices, chosen);
    const way = logins.ways.find(({ method }) => method.name === chosen);
    if (!way?.method.login) return { token: await askToken(ask, address) };
    return { login: await askInputs(ask, way, remembered, refused.has(chosen)) };
  };
}

function tellWhy(ask: Ask, { problems }: VaultbindError): void {
  for (const { code, message, fix = [] } of problems) {
    ask.tell({ warning: message });
    // What mends these is the answer to the question that follows.
    if (missing.includes(code) || code === 'operator-token-invalid') continue;
    for (const { why, command } of fix.map(shownFix)) ask.tell({ fact: command ? `${why}: ${command}` : why });
  }
}

async function askToken(ask: Ask, address: string) {
  const token = await ask.hidden(`Token for ${address}:`, 'It is not shown, not stored, and used for this run alone.');
  if (token === undefined) throw nobody();
  return token;
}

const mountWhy = "It is enabled at auth/<path>; the method's name, unless somebody chose another.";

async function askInputs(ask: Ask, way: LoginWay, remembered: Remembered, again: boolean): Promise<TypedLogin> {
  const { method, mount: said } = way;
  const before = remembered.get(keyOf(way, 'path'));
  const proposed = before ?? said ?? method.path;
  const mount =
    said !== undefined && !again ? said : await askText(ask, 'Path of the auth method:', mountWhy, proposed);
  remembered.set(keyOf(way, 'path'), mount);
  const inputs = new Map<string, TypedInput>();
  for (const question of questionsOf(way, remembered, again)) {
    const answer = question.input.secret
      ? await askSecret(ask, way, question, remembered)
      : { text: await askText(ask, question.message, question.why, question.default) };
    if (answer === undefined) continue;
    inputs.set(question.input.name, answer);
    if ('text' in answer) remembered.set(keyOf(way, question.input.name), answer.text);
  }
  return { method: method.name, mount, inputs };
}

/** What is known already is asked only when a login with it was refused. */
export function questionsOf(way: LoginWay, remembered: Remembered, again: boolean): LoginQuestion[] {
  const due = way.method.inputs.filter(({ name }) => again || !way.given.has(name));
  return due.map((input): LoginQuestion => {
    const given = way.given.get(input.name);
    const words = input.name.replaceAll('_', ' ');
    const message = `${words}${input.optional === true ? ' (may be left out)' : ''}:`;
    if (input.secret) return { input, message, ...secretWords(input, given?.from) };
    const proposed = remembered.get(keyOf(way, input.name)) ?? given?.text ?? input.default;
    return { input, message, why: `${input.why}.`, default: proposed };
  });
}

function secretWords({ why, file }: LoginInput, from: string | undefined): Pick<LoginQuestion, 'why' | 'otherwise'> {
  if (from !== undefined) return { why: `${why}; not shown. Enter alone: as in ${from}.`, otherwise: 'given' };
  if (file) return { why: `${why}; not shown. Enter alone: from a file.`, otherwise: 'file' };
  return { why: `${why}; not shown.` };
}

/** Undefined: where it is already. */
async function askSecret(
  ask: Ask,
  way: LoginWay,
  { input, message, why, otherwise }: LoginQuestion,
  remembered: Remembered,
): Promise<TypedInput | undefined> {
  const secret = await ask.hidden(message, why);
  if (secret === undefined) throw nobody();
  if (!secret.empty) return { secret };
  if (otherwise !== 'file') return undefined;
  const key = keyOf(way, input.file?.flag ?? '');
  const file = await askText(
    ask,
    `File that holds the ${message}`,
    'Its name alone is remembered.',
    remembered.get(key),
  );
  remembered.set(key, file);
  return file === '' ? undefined : { file };
}

async function askText(ask: Ask, message: string, why: string, proposed: string | undefined): Promise<string> {
  const answer = await ask.text(message, why, proposed);
  if (answer === undefined) throw nobody();
  return answer;
}

function keyOf({ method }: LoginWay, what: string): string {
  return `${method.name} ${what}`;
}

function nobody(): Error {
  return new Error('bug: a login is asked for, and nobody is there');
}
