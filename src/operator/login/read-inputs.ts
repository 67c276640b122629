import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError, type Problem } from '../../errors.ts';
import { call, exported, filePath, vault } from '../../model/commands.ts';
import type { Environment } from '../../model/environment.ts';
import { withoutOuterSlashes } from '../../model/trailing.ts';
import { Secret } from '../../secret.ts';
import type { Given, LoginInput, LoginMethod } from './method.ts';
import { bare, inputPlace, type LoginSources } from './place.ts';

export const methodFlag = '--vault-login <method>';
export const methodVariable = 'VAULTBIND_LOGIN';
export const pathFlag = { flag: '--vault-login-path <mount>', env: 'VAULTBIND_LOGIN_PATH' };

/** Values of all inputs of a method. @throws InputError with all that is missing or wrong. */
export async function readInputs(method: LoginMethod, sources: LoginSources): Promise<Given> {
  const problems: Problem[] = sources.typed ? [] : foreignFlags(method, sources);
  const found = new Map<string, string>();
  // One after the other: two could want standard input.
  for (const input of method.inputs)
    try {
      const value = await read(input, sources);
      if (value === '' && isNeeded(input, sources.env)) problems.push(missing(method, input));
      else found.set(input.name, value);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  const mount = mountOf(method, sources);
  if (!isMount(mount)) problems.push(noMount(mount));
  InputError.throwAny([...problems, ...wrong(method, found)]);
  // Only these: what is wrapped is blanked out of all foreign text, and a role's name should stay in it.
  const hidden = method.inputs.filter(({ name, secret }) => secret && found.get(name));
  const secrets = new Map(hidden.map(({ name }) => [name, new Secret(found.get(name) ?? '')]));
  return {
    mount: withoutOuterSlashes(mount).replace(/^auth\//, ''),
    env: sources.env,
    text: (name) => (secrets.has(name) ? '' : (found.get(name) ?? '')),
    secret: (name) => secrets.get(name),
  };
}

function isNeeded({ optional }: LoginInput, env: Environment): boolean {
  return optional === undefined || (optional !== true && !optional.when(env));
}

async function read(input: LoginInput, sources: LoginSources): Promise<string> {
  const place = inputPlace(input, sources);
  if (!place) return input.default ?? '';
  if ('file' in place) return await fileValue(input, place.file, sources);
  if ('variable' in place) return variableValue(input, place.variable, sources);
  return trimmed(input, 'secret' in place ? place.secret.reveal() : place.text);
}

function variableValue(input: LoginInput, name: string, { env }: LoginSources): string {
  const value = env[name];
  if (value) return trimmed(input, value);
  throw new InputError({
    code: 'login-input-missing',
    subject: name,
    message: `the variable ${name}, which should hold ${input.why}, is not set`,
    fix: [{ why: 'set it, or name another one' }],
  });
}

async function fileValue(input: LoginInput, file: string, sources: LoginSources): Promise<string> {
  if (file === '-') return trimmed(input, await sources.stdin());
  let text: string;
  try {
    text = await readFile(resolve(sources.cwd, file), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError({
      code: 'login-input-missing',
      subject: file,
      message: `the file ${file}, which should hold ${input.why}, cannot be read (${code ?? 'unknown'})`,
      fix: [{ why: 'see who may read it', command: call('ls', '-l', filePath(file)) }],
    });
  }
  const value = trimmed(input, text);
  if (value !== '') return value;
  throw new InputError({
    code: 'login-input-missing',
    subject: file === '-' ? 'standard input' : file,
    message: `${file} is empty, and should hold ${input.why}`,
  });
}

/** The line break that editors and echo add; a password may begin or end with spaces. */
function trimmed({ name }: LoginInput, text: string): string {
  return name === 'password' ? text.replace(/\r?\n$/, '') : text.trim();
}

function missing(method: LoginMethod, input: LoginInput): Problem {
  const { name, why, env, flag, file, variable, optional } = input;
  const named = flag ?? file?.flag;
  const elsewhere = typeof optional === 'object' ? `, nor is it to be had from ${optional.from}` : '';
  const nowhere = file?.default ? ` (${file.default} is not there)` : '';
  return {
    code: 'login-input-missing',
    subject: named === undefined ? env : bare(named),
    message: `the login method ${method.name} needs ${name} (${why}), and nothing says it${nowhere}${elsewhere}`,
    fix: [
      { why: flag ? `set it, or give ${flag}` : 'set it in the environment', command: exported({ [env]: '…' }) },
      ...(file ? [{ why: `or name the file that holds it (- is standard input): ${file.flag}` }] : []),
      ...(variable ? [{ why: `or name another variable that holds it: ${variable.flag}` }] : []),
    ],
  };
}

/** A flag that does nothing is a mistake somebody should hear of; a variable may be meant for another command. */
function foreignFlags(method: LoginMethod, { flags }: LoginSources): Problem[] {
  const own = method.inputs.flatMap(flagsOf).map(bare);
  return Object.keys(flags)
    .filter((flag) => !own.includes(flag) && flag !== bare(pathFlag.flag) && flag !== bare(methodFlag))
    .map((flag) => ({
      code: 'usage' as const,
      subject: flag,
      message: `${flag} says nothing to the login method ${method.name}`,
      fix: [{ why: `leave it out, or choose the method it belongs to with ${methodFlag}` }],
    }));
}

export function flagsOf({ flag, file, variable }: LoginInput): string[] {
  return [flag, file?.flag, variable?.flag].filter((one) => one !== undefined);
}

export function mountOf(method: LoginMethod, sources: Pick<LoginSources, 'typed' | 'flags' | 'env'>): string {
  return sources.typed?.mount ?? flagOrVariable(pathFlag, sources) ?? method.path;
}

export function flagOrVariable(
  { flag, env }: { flag: string; env: string },
  sources: Pick<LoginSources, 'flags' | 'env'>,
) {
  return sources.flags[bare(flag)] ?? (sources.env[env] || undefined);
}

function isMount(mount: string): boolean {
  const segments = withoutOuterSlashes(mount).split('/');
  return segments.every((one) => one !== '' && one !== '.' && one !== '..');
}

function noMount(mount: string): Problem {
  return {
    code: 'usage',
    subject: bare(pathFlag.flag),
    message: `"${mount}" is no path of an auth method`,
    fix: [{ why: 'see which there are', command: vault('auth list') }],
  };
}

/** What would be another path at Vault, or no header. */
function wrong(method: LoginMethod, found: ReadonlyMap<string, string>): Problem[] {
  return method.inputs.flatMap(({ name, env, secret, flag }): Problem[] => {
    const value = found.get(name) ?? '';
    const subject = flag ? bare(flag) : env;
    if (name === 'username' && (/[/]/.test(value) || value === '.' || value === '..'))
      return [{ code: 'usage', subject, message: `the user name "${value}" is no single segment of a path` }];
    if (secret && name !== 'password' && /[^\x21-\x7e]/.test(value))
      return [
        {
          code: 'usage',
          subject,
          message: `what was given as ${name} holds spaces or characters that none has`,
          fix: [{ why: 'look for a line break or quotes that came along when it was copied' }],
        },
      ];
    return [];
  });
}

/** For the programs we run: they have no use for our logins. */
export function withoutLogins(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith(methodVariable)));
}
