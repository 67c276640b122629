import { InputError } from '../../errors.ts';
import { loginMethods } from './index.ts';
import type { Given, LoginMethod } from './method.ts';
import { bare, type LoginSources, type TypedLogin } from './place.ts';
import { flagOrVariable, methodFlag, methodVariable, readInputs } from './read-inputs.ts';

/** A login that is wanted and has all it needs; nothing was sent yet. */
export interface PreparedLogin {
  method: LoginMethod & Required<Pick<LoginMethod, 'login'>>;
  given: Given;
  /** Absent: as flags and environment say. */
  typed?: TypedLogin;
}

/**
 * The login that answers, flags and environment ask for; undefined when a token is to be found as usual.
 * @throws InputError with all that is missing or wrong.
 */
export async function prepareLogin(sources: LoginSources): Promise<PreparedLogin | undefined> {
  const method = methodOf(sources);
  const { login } = method;
  const { typed } = sources;
  if (login) return { method: { ...method, login }, given: await readInputs(method, sources), typed };
  refuseStrayFlags(sources);
  return undefined;
}

/** Errors: InputError when there is none of that name. */
export function methodOf(sources: Pick<LoginSources, 'typed' | 'flags' | 'env'>): LoginMethod {
  const name = sources.typed?.method ?? methodNamed(sources) ?? 'token';
  const method = loginMethods.find((one) => one.name === name);
  if (!method) throw unknown(name);
  return method;
}

/** What flags or environment say. */
export function methodNamed(sources: Pick<LoginSources, 'flags' | 'env'>): string | undefined {
  return flagOrVariable({ flag: methodFlag, env: methodVariable }, sources);
}

function unknown(name: string): InputError {
  return new InputError({
    code: 'usage',
    subject: bare(methodFlag),
    message: `there is no login method "${name}"; there are ${loginMethods.map((one) => one.name).join(', ')}`,
    fix: [{ why: `choose one with ${methodFlag} or ${methodVariable}` }],
  });
}

function refuseStrayFlags({ flags }: LoginSources): void {
  InputError.throwAny(
    Object.keys(flags)
      .filter((flag) => flag !== bare(methodFlag))
      .map((flag) => ({
        code: 'usage' as const,
        subject: flag,
        message: `${flag} is about a login, and no login method was chosen`,
        fix: [{ why: `choose one with ${methodFlag}, or leave it out` }],
      })),
  );
}
