import { InputError, type Problem } from '../errors.ts';
import { exported, unset } from '../model/commands.ts';
import type { Environment } from '../model/environment.ts';
import { asInputError } from '../model/error-values.ts';
import { withoutOuterSlashes } from '../model/trailing.ts';
import { Secret } from '../secret.ts';
import type { VaultConnection } from '../vault/connection.ts';
import { readAddress } from './connection/address.ts';
import { readEnvironment, type VaultEnvironment } from './connection/environment.ts';
import { readTls } from './connection/tls.ts';
import { findToken, type OperatorToken } from './connection/token.ts';
import { type PreparedLogin, prepareLogin } from './login/choose.ts';
import type { LoginSources } from './login/place.ts';

/** How the operator speaks to one Vault. */
export interface OperatorConnection extends VaultConnection {
  /** The token is to come from this login (login/logins.ts); until then there is none. */
  login?: PreparedLogin;
  /** Variables of which another one of the same meaning was set, and not used. */
  differing?: Problem[];
}

/** What the command line says; it wins over the environment. */
export interface VaultFlags {
  address?: string;
  namespace?: string;
  /** Milliseconds. */
  timeout?: number;
  /** Asked for at a question; wins over all that is found. */
  token?: Secret;
  /** `--vault-login…`, by flag, standard input for secrets, and what was answered at questions. */
  login?: Pick<LoginSources, 'flags' | 'stdin' | 'typed'>;
  /** Do without a token when there is none. */
  tokenless?: boolean;
  /** Do without a token also when the login lacks something or cannot be; noToken says why. */
  loginless?: boolean;
}

/**
 * Reads VAULT_* and BAO_* as the vault and bao commands do, BAO_* first; but an address must be given, and nothing is
 * guessed from a value that does not parse.
 * @throws InputError with all that is wrong.
 */
export async function readVaultConnection(
  env: Environment,
  flags: VaultFlags = {},
  cwd: string = process.cwd(),
): Promise<OperatorConnection> {
  const environment = readEnvironment(env);
  refuseUnsupported(environment);
  const address = readAddress(environment, flags.address);
  const tls = readTls(environment);
  const proxy = (environment.get('PROXY_ADDR') ?? environment.get('HTTP_PROXY'))?.value ?? 'environment';
  const timeout = flags.timeout ?? environment.duration('CLIENT_TIMEOUT');
  const retries = environment.count('MAX_RETRIES');
  const rate = readRate(environment);
  checkProxy(environment);
  const prepared = flags.token ? undefined : await loginOf(env, cwd, flags);
  const unprepared = prepared instanceof InputError ? prepared : undefined;
  const login = prepared instanceof InputError ? undefined : prepared;
  const operator: Operator | InputError = login
    ? { token: new Secret(''), from: `${login.method.name} login` }
    : await tokenOf(environment, env, cwd, flags, unprepared).catch(asInputError);
  const mistaken = operator instanceof InputError ? operator : flags.loginless === true ? undefined : unprepared;
  // Its mistakes are told together with those of the environment.
  for (const problem of mistaken?.problems ?? []) environment.wrong(problem);
  environment.check();
  if (operator instanceof InputError) throw operator;
  const { token, from, missing } = operator;
  return {
    ...address,
    namespace: withoutOuterSlashes(flags.namespace ?? environment.get('NAMESPACE')?.value ?? ''),
    token,
    tokenFrom: from,
    noToken: missing,
    login,
    tls,
    proxy,
    timeout: timeout || 60_000,
    retries,
    rate,
    env: networkVariables(env),
    differing: environment.differing(),
  };
}

interface Operator extends OperatorToken {
  /** Why there is no token, where it can be done without. */
  missing?: InputError;
}

async function loginOf(
  env: Environment,
  cwd: string,
  { login = { flags: {}, stdin: async () => '' } }: VaultFlags,
): Promise<PreparedLogin | InputError | undefined> {
  return await prepareLogin({ ...login, env, cwd }).catch(asInputError);
}

async function tokenOf(
  environment: VaultEnvironment,
  env: Environment,
  cwd: string,
  { token, tokenless }: VaultFlags,
  unprepared: InputError | undefined,
): Promise<Operator> {
  if (token) return { token: new Secret(token.reveal().trim()), from: 'the keyboard' };
  if (unprepared) return { token: new Secret(''), from: 'nowhere', missing: unprepared };
  try {
    return await findToken(environment, env, cwd);
  } catch (error) {
    if (tokenless !== true || !(error instanceof InputError)) throw error;
    return { token: new Secret(''), from: 'nowhere', missing: error };
  }
}

function networkVariables(env: Environment): Environment {
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
  return Object.fromEntries([...names, 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'].map((name) => [name, env[name]]));
}

function readRate(environment: VaultEnvironment): number | undefined {
  const variable = environment.get('RATE_LIMIT');
  if (variable === undefined) return undefined;
  const rate = /^(\d+(?:\.\d+)?)(?::\d+)?$/.exec(variable.value)?.[1];
  if (rate !== undefined && Number(rate) > 0) return Number(rate);
  environment.wrong({
    code: 'usage',
    subject: variable.name,
    message: `${variable.name} is "${variable.value}", which is not rate or rate:burst`,
    fix: [{ why: 'give requests a second', command: exported({ [variable.name]: '100' }) }],
  });
  return undefined;
}

function checkProxy(environment: VaultEnvironment): void {
  const variable = environment.get('PROXY_ADDR') ?? environment.get('HTTP_PROXY');
  if (!variable || /^(https?|socks5h?):\/\/./i.test(variable.value)) return;
  environment.wrong({
    code: 'usage',
    subject: variable.name,
    message: `${variable.name} does not start with http://, https:// or socks5://`,
    fix: [
      { why: 'give the URL of the proxy', command: exported({ [variable.name]: 'http://proxy.example.com:3128' }) },
    ],
  });
}

/** Settings that would change where requests go; ignoring them could write to the wrong place. */
function refuseUnsupported(environment: VaultEnvironment): void {
  const agent = environment.get('AGENT_ADDR');
  if (agent) {
    const command = { ...exported({ VAULT_ADDR: agent.value }), and: unset(agent.name) };
    environment.wrong({
      code: 'usage',
      subject: agent.name,
      message: `${agent.name} is set; vaultbind speaks only to the address it is given`,
      fix: [{ why: 'name the agent as the address, or unset it', command }],
    });
  }
  if (environment.flag('SRV_LOOKUP')) {
    environment.wrong({
      code: 'usage',
      subject: 'VAULT_SRV_LOOKUP',
      message: 'VAULT_SRV_LOOKUP is set, and vaultbind does not look up SRV records',
      fix: [{ why: 'give host and port in VAULT_ADDR', command: unset('VAULT_SRV_LOOKUP') }],
    });
  }
}
