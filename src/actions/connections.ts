import type { ConnectSettings } from '../engine/connect.ts';
import { InputError, type VaultbindError } from '../errors.ts';
import { readKubernetesConnection } from '../kubernetes/connect.ts';
import type { KubernetesConnection } from '../kubernetes/connection.ts';
import { asInputError, joinedErrors } from '../model/error-values.ts';
import { canAsk, type Io } from '../model/io.ts';
import { type OperatorConnection, readVaultConnection, type VaultFlags } from '../operator/connect.ts';
import { withoutLogins } from '../operator/login/read-inputs.ts';
import { assertContext } from '../recipe/assert-context.ts';
import { assertVault } from '../recipe/assert-vault.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { assertPlannedFor } from '../saved-plan/planned-for.ts';
import { stdinOnce } from './login/log-in.ts';
import type { ConnectRequest } from './requests.ts';

/** How each system is reached, or why it is not. */
export interface Connections extends Pick<ConnectSettings, 'kubernetes'> {
  vault: OperatorConnection | VaultbindError;
}

/** Errors: InputError with all that is wrong with either. */
export async function bothConnections(
  io: Io,
  recipe: Recipe | undefined,
  options: ConnectRequest,
): Promise<Connections> {
  const [vault, kubernetes] = await Promise.all([
    vaultConnection(io, recipe, options).catch(asInputError),
    kubernetesConnection(io, recipe, options).catch(asInputError),
  ]);
  const wrong = joinedErrors([vault, kubernetes].filter((one) => one instanceof InputError));
  if (wrong) throw wrong;
  return { vault, kubernetes };
}

/** What is plainly a mistake on the command line or in the recipe is not worked around: it could reach another system. */
const mistakes = [
  'address-mismatch',
  'namespace-mismatch',
  'context-mismatch',
  'recipe-conflict',
  'usage',
  'login-input-missing',
];

/** A way to one of them is enough, and a token is not needed. Errors: InputError when there is none, and for mistakes. */
export async function possibleConnections(
  io: Io,
  recipe: Recipe | undefined,
  options: ConnectRequest,
): Promise<Connections> {
  const [vault, kubernetes] = await Promise.all([
    vaultConnection(io, recipe, options, { tokenless: true }).catch(asInputError),
    kubernetesConnection(io, recipe, options).catch(asInputError),
  ]);
  const errors = [vault, kubernetes].filter((one) => one instanceof InputError);
  const mistaken = errors.filter(({ code }) => code !== undefined && mistakes.includes(code));
  const wrong = joinedErrors(errors.length === 2 ? errors : mistaken);
  if (wrong) throw wrong;
  return { vault, kubernetes };
}

export async function vaultConnection(
  io: Io,
  recipe: Recipe | undefined,
  options: ConnectRequest,
  flags: Pick<VaultFlags, 'tokenless' | 'loginless'> = {},
): Promise<OperatorConnection> {
  const { vaultAddr, vaultNamespace, vaultToken, timeout, plannedFor, typedLogin } = options;
  const vault = await readVaultConnection(
    io.env,
    {
      ...flags,
      login: {
        flags: options.loginFlags ?? {},
        stdin: stdinOnce(io, options),
        typed: typedLogin,
      },
      address: vaultAddr,
      namespace: vaultNamespace,
      token: vaultToken,
      timeout,
    },
    io.cwd,
  );
  if (recipe) assertVault(recipe, vault);
  if (plannedFor) assertPlannedFor(plannedFor, vault);
  return vault;
}

export async function kubernetesConnection(
  io: Io,
  recipe: Recipe | undefined,
  { kubeconfig, context: given }: ConnectRequest,
): Promise<KubernetesConnection> {
  if (recipe && given !== undefined) assertContext(recipe, given);
  const connection = await readKubernetesConnection(
    withoutLogins(io.env),
    { kubeconfig, context: given },
    {
      cwd: io.cwd,
      terminal: canAsk(io),
      notice: (line) => io.stderr.write(`${line}\n`),
      signal: io.signal,
      begin: io.work.begin,
    },
  );
  if (recipe) assertContext(recipe, connection.context);
  return connection;
}
