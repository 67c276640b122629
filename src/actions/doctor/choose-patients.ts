import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '../../errors.ts';
import type { Patient } from '../../facts/patient.ts';
import { patientsOf } from '../../facts/patients.ts';
import { claims } from '../../kubernetes/jwt.ts';
import { accountForm, parseAccount, type ServiceAccountName } from '../../model/account.ts';
import { vaultbind } from '../../model/commands.ts';
import type { Io } from '../../model/io.ts';
import { withoutTrailingSlashes } from '../../model/trailing.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { roleForm } from '../../recipe/schema/role.ts';
import { unreadable } from '../../recipe/source/files.ts';
import { Secret } from '../../secret.ts';

export interface PatientFlags {
  mount?: string;
  role?: string;
  serviceAccount?: string;
  secret: string[];
  audience?: string;
  reviewer?: string;
  jwtFile?: string;
}

/**
 * Who is to be looked at: the recipe's logins, of which flags may choose, or what the flags say alone.
 * Errors: InputError when there is neither recipe, mount nor token, or a value cannot be read.
 */
export async function patientsFor(io: Io, flags: PatientFlags, recipe: Recipe | undefined): Promise<Patient[]> {
  const { role, serviceAccount, audience, reviewer, jwtFile } = flags;
  if (role !== undefined && !roleForm.test(role)) throw noRole(role);
  const jwt = jwtFile === undefined ? undefined : await readToken(io, jwtFile);
  const account = serviceAccount === undefined ? undefined : accountOf('--service-account', serviceAccount);
  // What no flag says is as the recipe says it: nothing undefined may stand here.
  const given = {
    ...(jwt && { jwt }),
    ...(account && { service_account: account }),
    ...(audience !== undefined && { audience }),
    ...(reviewer === undefined ? {} : { reviewer: accountOf('--reviewer', reviewer) }),
  };
  if (!recipe) return [{ ...alone(flags, jwt), ...given }];
  const who = account ?? (jwt && claims(jwt)?.serviceAccount);
  const chosen = patientsOf(recipe).filter(
    (one) => (role === undefined || one.role === role) && (!who || isSame(who, one.service_account)),
  );
  // Who names an account, or has a token, asks why it is refused, whatever the recipe says of it.
  const asked = who === undefined ? {} : { stranger: false, implied: false };
  if (chosen.length > 0) return chosen.map((one) => ({ ...one, ...given, ...asked }));
  const { auth } = recipe;
  return [{ ...alone({ ...flags, mount: flags.mount ?? auth.path }, jwt), ...given, recipe }];
}

function isSame(a: ServiceAccountName, b: ServiceAccountName | undefined): boolean {
  return a.namespace === b?.namespace && a.name === b.name;
}

function alone({ mount, role, secret }: PatientFlags, jwt: Secret | undefined): Patient {
  if (mount === undefined && !jwt) throw missing();
  const at = { file: '--secret', line: 1, column: 1 };
  return {
    mount: withoutTrailingSlashes((mount ?? '').replace(/^auth\//, '')),
    can: secret.map((given) => {
      const path = given.replace(/^\/*(?:v1\/)?/, '');
      return { capability: path.endsWith('/') ? 'list' : 'read', path: withoutTrailingSlashes(path), at };
    }),
    cannot: [],
    role,
  };
}

function accountOf(flag: string, text: string): ServiceAccountName {
  const account = accountForm.test(text) ? parseAccount(text) : undefined;
  if (account) return account;
  throw new InputError({ code: 'usage', subject: text, message: `${flag} ${text}: write namespace/name` });
}

function noRole(name: string): InputError {
  const last = name.slice(name.lastIndexOf('/') + 1);
  return new InputError({
    code: 'usage',
    subject: '--role',
    message: `--role ${name}: a role has letters, digits, _, - and . in its name, and stands without its mount (--mount says that)`,
    ...(last !== name && roleForm.test(last) && { fix: [{ why: `give --role ${last}` }] }),
  });
}

async function readToken(io: Io, file: string): Promise<Secret> {
  try {
    return new Secret((await readFile(resolve(io.cwd, file), 'utf8')).trim());
  } catch (error) {
    const { message } = unreadable(error);
    throw new InputError({ code: 'usage', subject: file, message: `--jwt-file ${file} ${message}` });
  }
}

function missing(): InputError {
  return new InputError({
    code: 'usage',
    subject: '',
    message: 'neither a recipe nor a mount was given',
    fix: [
      { why: 'with a recipe', command: vaultbind('doctor', { f: 'RECIPE' }) },
      {
        why: 'without one',
        command: vaultbind('doctor', { mount: 'PATH', role: 'NAME', 'service-account': 'NAMESPACE/NAME' }),
      },
    ],
  });
}
