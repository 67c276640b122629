import { didYouMean, nearest } from '../suggest.ts';
import { shown } from '../text.ts';

export interface RecipeEnvironment {
  env: Record<string, string | undefined>;
  /** Names given by `--env`; names that start with VAULTBIND_ are always allowed, with VAULTBIND_LOGIN never. */
  allowedEnv: readonly string[];
  /** Where each variable that a recipe uses is noted; undefined: it was not set. */
  used?: Map<string, string | undefined>;
}

const prefix = 'VAULTBIND_';
/** They hold the operator's secrets, and a recipe may come from anybody: not even --env opens them. */
const closed = 'VAULTBIND_LOGIN';
const reference = /\$\$\{|\$\{env:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{[^}\n]{0,80}\}?|\$\([^)\n]{0,80}\)?/g;

/**
 * `${env:NAME}` and `${env:NAME:-default}` replaced, `$${` made a literal `${`. Like the shell, the default stands for
 * a variable that is unset or empty. What is not allowed, not set or not understood is said and left as it is.
 *
 * @param inPolicy `${accessor}` and everything else is left alone there.
 */
export function expand(
  text: string,
  environment: RecipeEnvironment,
  inPolicy: boolean,
  say: (message: string) => void,
): string {
  if (!text.includes('$')) return text;
  return text.replace(reference, (whole: string, name: string | undefined, otherwise: string | undefined) => {
    if (whole === '$${') return '${';
    if (name !== undefined) return variable(name, otherwise, environment, say) ?? whole;
    if (whole.startsWith('${env:')) say(`${shown(whole)} is not \${env:NAME} or \${env:NAME:-default}`);
    else if (!inPolicy) say(notExpanded(whole));
    return whole;
  });
}

function variable(
  name: string,
  otherwise: string | undefined,
  { env, allowedEnv, used }: RecipeEnvironment,
  say: (message: string) => void,
): string | undefined {
  if (name.startsWith(closed)) {
    say(`a recipe may not read the environment variable ${name}, which belongs to the login to Vault`);
    return undefined;
  }
  if (!isOpen(name, allowedEnv)) {
    say(`a recipe may not read the environment variable ${name}; allow it with --env ${name}`);
    return undefined;
  }
  const value = env[name];
  used?.set(name, value);
  if (otherwise !== undefined && !value) return otherwise;
  if (value !== undefined) return value;
  const set = Object.keys(env).filter((one) => isOpen(one, allowedEnv));
  say(
    `the environment variable ${name} is not set${didYouMean(nearest(name, set))}; \${env:${name}:-default} gives a default`,
  );
  return undefined;
}

function isOpen(name: string, allowedEnv: readonly string[]): boolean {
  return !name.startsWith(closed) && (name.startsWith(prefix) || allowedEnv.includes(name));
}

function notExpanded(whole: string): string {
  if (/^\$\{accessor\}$/.test(whole)) return '${accessor} is known in policies only';
  const name = /^\$[{(]([A-Za-z_][A-Za-z0-9_]*)[})]$/.exec(whole)?.[1];
  const meant = name ? didYouMean(`\${env:${name}}`) : '';
  return `${shown(whole)} is shell, which recipes are not${meant}; for the characters themselves write $\${`;
}
