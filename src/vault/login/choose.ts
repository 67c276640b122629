import { InputError } from '../../errors.ts';
import { loginMethods } from './index.ts';
import type { Given, LoginMethod } from './method.ts';
import { bare, methodFlag, methodVariable, readInputs, type Sources, said } from './read-inputs.ts';

/** A login that is wanted and has all it needs; nothing was sent yet. */
export interface PreparedLogin {
  method: LoginMethod & Required<Pick<LoginMethod, 'login'>>;
  given: Given;
}

/**
 * The login that flags and environment ask for; undefined when a token is to be found as usual.
 * @throws InputError with all that is missing or wrong.
 */
export async function prepareLogin(sources: Sources): Promise<PreparedLogin | undefined> {
  const name = said({ flag: methodFlag, env: methodVariable }, sources) ?? 'token';
  const method = loginMethods.find((one) => one.name === name);
  if (!method) throw unknown(name);
  const { login } = method;
  if (login) return { method: { ...method, login }, given: await readInputs(method, sources) };
  refuseStrayFlags(sources);
  return undefined;
}

function unknown(name: string): InputError {
  return new InputError({
    code: 'usage',
    subject: bare(methodFlag),
    message: `there is no login method "${name}"; there are ${loginMethods.map((one) => one.name).join(', ')}`,
    fix: [{ why: `choose one with ${methodFlag} or ${methodVariable}` }],
  });
}

function refuseStrayFlags({ flags }: Sources): void {
  const [first, ...rest] = Object.keys(flags)
    .filter((flag) => flag !== bare(methodFlag))
    .map((flag) => ({
      code: 'usage' as const,
      subject: flag,
      message: `${flag} is about a login, and no login method was chosen`,
      fix: [{ why: `choose one with ${methodFlag}, or leave it out` }],
    }));
  if (first) throw new InputError(first, ...rest);
}
