import { existsSync } from 'node:fs';
import type { Environment } from '../../model/environment.ts';
import { Secret } from '../../secret.ts';
import type { LoginInput } from './method.ts';

/** Where values come from. */
export interface LoginSources {
  /** What was answered at questions; it wins over all else. */
  typed?: TypedLogin;
  /** By flag without its value: `--vault-login-role`. */
  flags: Readonly<Record<string, string>>;
  env: Environment;
  /** Folder that relative paths start from. */
  cwd: string;
  /** All of standard input. Errors: InputError when it is taken. */
  stdin(): Promise<string>;
}

/** A login that a person answered questions for. */
export interface TypedLogin {
  /** Name of the login method. */
  method: string;
  /** Path of the auth method. */
  mount: string;
  /** By the name of the input; one that was not asked for is looked for as usual. */
  inputs: ReadonlyMap<string, TypedInput>;
}

/** A file, or the value itself. */
export type TypedInput = { file: string } | { text: string } | { secret: Secret };

/** Where the value of an input stands, and what says so: a flag, a variable, `the keyboard`. */
export type InputPlace = { from: string } & (TypedInput | { variable: string });

/** `--x <y>` without `<y>`. */
export function bare(flag: string): string {
  return flag.split(' ')[0] ?? flag;
}

/** The command line wins over the environment, and of each the nearest to the value itself. */
export function inputPlace(
  input: LoginInput,
  { typed, flags, env }: Omit<LoginSources, 'stdin' | 'cwd'>,
): InputPlace | undefined {
  const answer = typed?.inputs.get(input.name);
  if (answer) return { from: 'the keyboard', ...answer };
  const { flag, file, variable } = input;
  const byFlag = (one: { flag: string } | undefined) => (one ? flags[bare(one.flag)] : undefined);
  const byVariable = (one: { env: string } | undefined) => (one && env[one.env]) || undefined;
  const candidates: [from: string | undefined, said: string | undefined, as: 'text' | 'file' | 'variable'][] = [
    [flag && bare(flag), flag && flags[bare(flag)], 'text'],
    [file && bare(file.flag), byFlag(file), 'file'],
    [variable && bare(variable.flag), byFlag(variable), 'variable'],
    [input.env, byVariable(input), 'text'],
    [file?.env, byVariable(file), 'file'],
    [variable?.env, byVariable(variable), 'variable'],
    [file?.default, file?.default && existsSync(file.default) ? file.default : undefined, 'file'],
  ];
  for (const [from, said, as] of candidates)
    if (from !== undefined && said !== undefined) return placed(input, from, said, as);
  return undefined;
}

function placed({ secret }: LoginInput, from: string, said: string, as: 'text' | 'file' | 'variable'): InputPlace {
  if (as === 'text') return secret ? { from, secret: new Secret(said) } : { from, text: said };
  return as === 'file' ? { from, file: said } : { from, variable: said };
}
