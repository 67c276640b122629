import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { InputError, type Problem } from '../../errors.ts';
import { call, exported, vault } from '../../model/commands.ts';
import type { Environment } from '../../model/environment.ts';
import { Secret, scrub } from '../../secret.ts';
import { withoutLogins } from '../login/read-inputs.ts';
import type { VaultEnvironment } from './environment.ts';

export interface OperatorToken {
  token: Secret;
  /** Where it was found, for messages: `VAULT_TOKEN`, `token helper /usr/bin/x`, `~/.vault-token`. */
  from: string;
}

/**
 * The operator's token, where the vault and bao commands look for it: the environment, the token helper of the command
 * line's configuration, the token file.
 * @throws InputError token-missing, or when the helper fails.
 */
export async function findToken(environment: VaultEnvironment, env: Environment, cwd: string): Promise<OperatorToken> {
  const variable = environment.get('TOKEN');
  if (variable) return checked(variable.value, variable.name);
  const home = env['HOME'] || homedir();
  const helper = tokenHelper(environment, home);
  if (helper !== undefined) {
    const path = resolve(cwd, helper);
    const token = await ask(path, env, cwd);
    if (token !== '') return checked(token, `token helper ${path}`);
    throw missing(`the token helper ${path} has no token`);
  }
  const file = environment.get('TOKEN_PATH')?.value ?? join(home, '.vault-token');
  const token = readIfThere(file)?.trim();
  if (token) return checked(token, file);
  throw missing(`neither VAULT_TOKEN, BAO_TOKEN, a token helper nor ${file} holds one`);
}

function missing(where: string): InputError {
  return new InputError({
    code: 'token-missing',
    subject: 'VAULT_TOKEN',
    message: `no Vault token was found: ${where}`,
    fix: [
      { why: 'log in; the token is kept in ~/.vault-token', command: vault('login') },
      { why: 'or give a token in the environment', command: exported({ VAULT_TOKEN: '…' }) },
    ],
  });
}

function checked(value: string, from: string): OperatorToken {
  const token = new Secret(value);
  if (/^[\x21-\x7e]+$/.test(value)) return { token, from };
  throw new InputError({
    code: 'operator-token-invalid',
    subject: from,
    message: `the token from ${from} holds spaces or characters that no Vault token has`,
    fix: [{ why: 'look for a line break or quotes that came along when it was copied' }],
  });
}

/** `token_helper` of the command line's configuration file. */
function tokenHelper(environment: VaultEnvironment, home: string): string | undefined {
  const path = environment.get('CONFIG_PATH')?.value.replace(/^~(?=\/)/, home) ?? join(home, '.vault');
  const quoted = /^\s*"?token_helper"?\s*=\s*("(?:[^"\\]|\\.)*")/m.exec(readIfThere(path) ?? '')?.[1];
  if (quoted === undefined) return undefined;
  try {
    return String(JSON.parse(quoted)) || undefined;
  } catch {
    throw new InputError({ code: 'usage', subject: path, message: `token_helper in ${path} cannot be read` });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const helperTimeout = 60_000;

function ask(path: string, env: Environment, cwd: string): Promise<string> {
  return new Promise((done, fail) => {
    const child = execFile(
      path,
      ['get'],
      { env: withoutLogins(env), cwd, timeout: helperTimeout },
      (error, stdout, stderr) => {
        if (error) fail(new InputError(helperFailed(path, `${error.code ?? error.signal ?? ''} ${stderr}`)));
        else done(stdout.trim());
      },
    );
    child.stdin?.end();
  });
}

function helperFailed(path: string, said: string): Problem {
  return {
    code: 'token-missing',
    subject: path,
    message: `the token helper ${path} failed: ${scrub(said).trim()}`,
    fix: [{ why: 'see what it says', command: call(path, 'get') }],
  };
}
