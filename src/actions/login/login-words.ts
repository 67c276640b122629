import { methodOf } from '../../operator/login/choose.ts';
import type { LoginInput } from '../../operator/login/method.ts';
import { bare, inputPlace, type LoginSources } from '../../operator/login/place.ts';
import { methodFlag, mountOf, pathFlag } from '../../operator/login/read-inputs.ts';

/** How a login is said on a command line, where nobody can be asked. */
export interface LoginAgain {
  /** Flags and their values, without a secret. */
  words: string[];
  /** What else must be there: `the password in VAULTBIND_LOGIN_PASSWORD`. */
  needs: string[];
}

/** Errors: InputError for a method that is none. */
export function loginAgain(sources: Omit<LoginSources, 'stdin' | 'cwd'>): LoginAgain {
  const method = methodOf(sources);
  if (!method.login) return { words: [], needs: ['a token in VAULT_TOKEN'] };
  const mount = mountOf(method, sources);
  const inputs = method.inputs.map((input) => inputAgain(input, sources));
  return {
    words: [
      ...[bare(methodFlag), method.name, ...(mount === method.path ? [] : [bare(pathFlag.flag), mount])],
      ...inputs.flatMap(({ words }) => words),
    ],
    needs: inputs.flatMap(({ needs }) => needs),
  };
}

function inputAgain(input: LoginInput, sources: Omit<LoginSources, 'stdin' | 'cwd'>): LoginAgain {
  const { name, flag, file, variable, env, optional } = input;
  const place = inputPlace(input, sources);
  const the = `the ${name.replaceAll('_', ' ')}`;
  if (!place && typeof optional === 'object') return { words: [], needs: [`${the} from ${optional.from}`] };
  if (!place) return { words: [], needs: [] };
  if ('secret' in place) return { words: [], needs: [`${the} in ${env}`] };
  if ('text' in place) return { words: flag && place.text !== '' ? [bare(flag), place.text] : [], needs: [] };
  if ('variable' in place)
    return { words: variable ? [bare(variable.flag), place.variable] : [], needs: [`${the} in ${place.variable}`] };
  return { words: file && place.file !== file.default ? [bare(file.flag), place.file] : [], needs: [] };
}
