import { methodNamed } from '../../operator/login/choose.ts';
import { loginMethods } from '../../operator/login/index.ts';
import type { LoginInput } from '../../operator/login/method.ts';
import { inputPlace, type LoginSources } from '../../operator/login/place.ts';
import { flagOrVariable, pathFlag } from '../../operator/login/read-inputs.ts';
import type { GivenInput, Logins, LoginWay } from '../../wizard/connections.ts';

type Said = Pick<LoginSources, 'flags' | 'env'>;

/** All login methods, each with what flags and environment say of it. */
export function loginsOf(sources: Said): Logins {
  const named = methodNamed(sources);
  const mount = flagOrVariable(pathFlag, sources);
  const ways = loginMethods.map((method): LoginWay => {
    const given = method.inputs.flatMap((input): [string, GivenInput][] => {
      const one = givenOf(input, sources);
      return one ? [[input.name, one]] : [];
    });
    // A path belongs to the method that was named with it.
    const isNamed = named === undefined || named === method.name;
    return { method, given: new Map(given), ...(isNamed && mount !== undefined && { mount }) };
  });
  return { named, ways };
}

function givenOf(input: LoginInput, sources: Said): GivenInput | undefined {
  const place = inputPlace(input, sources);
  if (place) return { from: place.from, ...('text' in place && { text: place.text }) };
  const { optional } = input;
  return typeof optional === 'object' && optional.when(sources.env) ? { from: optional.from } : undefined;
}
