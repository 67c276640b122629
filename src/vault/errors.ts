import { FailedError, type Problem, SystemError, type VaultbindError } from '../errors.ts';
import { call, exported, unset, vault } from '../model/commands.ts';
import { inWords } from '../model/printed.ts';
import { printGrant } from '../policy/print.ts';
import {
  hasNoHandler,
  hasNoNamespace,
  isAboutToken,
  isForeign,
  isRedirect,
  isSealed,
  saidIn,
} from './answers/answers.ts';
import { schemeProblem } from './answers/unreachable.ts';
import type { TokenLease, VaultConnection } from './connection.ts';
import type { VaultAnswer } from './node-vault.ts';

/** A request as people speak of it. */
export interface AskedOfVault {
  verb: 'read' | 'list' | 'write';
  /** API path without `/v1/`. */
  path: string;
}

/** What was found out to tell two meanings of one answer apart. */
export interface Known {
  /** auth/token/lookup-self was refused as well. */
  tokenRefused?: boolean;
  /** From sys/health. */
  initialized?: boolean;
  /** What the token may do at the path of a write that was refused; empty when that was not to be had. */
  held?: string[];
}

/** An answer that is not what was asked for, as the one error vaultbind has for it. */
export function vaultRefusal(
  connection: VaultConnection,
  asked: AskedOfVault,
  answer: VaultAnswer,
  known: Known,
): VaultbindError {
  const text = policyFault(asked, answer);
  if (text) return new FailedError(text);
  return new SystemError(
    foreign(connection, asked, answer) ??
      state(connection, answer, known) ??
      forbidden(connection, asked, answer, known) ??
      other(asked, answer),
  );
}

/** Something else answers, or asks us to go elsewhere. */
function foreign(
  { address, addressFrom }: VaultConnection,
  { verb, path }: AskedOfVault,
  answer: VaultAnswer,
): Problem | undefined {
  if (isRedirect(answer)) return redirected(address, addressFrom, answer.location);
  if (!isForeign(answer)) return undefined;
  if (answer.status === 400 && address.startsWith('http:')) {
    return schemeProblem(address, addressFrom, 'the answer is "Client sent an HTTP request to an HTTPS server"');
  }
  const gateway = answer.status >= 502 && answer.status <= 504;
  return {
    code: gateway ? 'vault-unreachable' : 'vault-not-vault',
    subject: address,
    message: gateway
      ? `a gateway in front of ${address} answers ${answer.status} in place of Vault`
      : `what answers at ${address} is not a Vault API: its answer to ${verb} ${path}, of status ${answer.status}, has not Vault's form`,
    fix: [
      { why: `check ${addressFrom}; what answers there: ${inWords(call('curl', '-i', `${address}/v1/sys/health`))}` },
    ],
  };
}

function redirected(address: string, addressFrom: string, location: string | undefined): Problem {
  const target = location !== undefined && URL.canParse(location, address) ? new URL(location, address) : undefined;
  if (target && address.startsWith('http:') && target.protocol === 'https:') {
    return schemeProblem(address, addressFrom, `it redirects to ${target.origin}`);
  }
  const standby = target?.pathname.startsWith('/v1/');
  const fix = target && {
    why: 'if you trust it, name it yourself: a token is never sent after a redirect',
    command: exported({ VAULT_ADDR: target.origin }),
  };
  return {
    code: standby ? 'vault-standby' : 'vault-not-vault',
    subject: address,
    message: `${address} does not answer itself and redirects to ${target?.origin ?? 'nowhere'}`,
    ...(fix && { fix: [fix] }),
  };
}

/** Vault is there and cannot serve. */
function state(connection: VaultConnection, answer: VaultAnswer, known: Known): Problem | undefined {
  const { address } = connection;
  const said = saidIn(answer);
  const problem = (code: Problem['code'], what: string, why: string, command: string): Problem => ({
    code,
    subject: address,
    message: `Vault at ${address} ${what}`,
    fix: [{ why: `${why}: ${inWords(vault(command, [], { address }))}` }],
  });
  if (known.initialized === false || /not initialized/i.test(said)) {
    return problem(
      'vault-uninitialized',
      'is not initialised',
      'whoever runs it initialises it, once',
      'operator init',
    );
  }
  if (isSealed(answer)) {
    return problem('vault-sealed', 'is sealed', 'whoever holds its keys unseals it', 'operator unseal');
  }
  if (/standby|active cluster node not found|node not active/i.test(said)) {
    const what = `is a standby node and cannot pass requests on: ${said}`;
    return problem('vault-standby', what, 'see which node is active', 'status');
  }
  if (answer.status === 429) {
    const fix = [{ why: 'send fewer requests at once (--parallel 4), or ask for a higher quota' }];
    return { ...problem('vault-error', 'limits the rate of requests (429)', '', ''), fix };
  }
  return hasNoNamespace(answer) ? namespaceMissing(connection, `Vault says: ${said}`) : undefined;
}

/** Vault Community. */
export function namespacesUnsupported({ namespace, address }: VaultConnection): Problem {
  return {
    code: 'vault-namespaces-unsupported',
    subject: `Vault namespace ${namespace}`,
    message: `a Vault namespace ${namespace} was named, and ${address} is Vault Community, which has none; nothing was asked`,
    fix: [
      { why: 'do without, here and in the recipe (vault.namespace)', command: unset('VAULT_NAMESPACE') },
      { why: 'or give the address of a Vault Enterprise or OpenBao, if that was meant' },
    ],
  };
}

function namespaceMissing({ namespace, address }: VaultConnection, detail: string): Problem {
  return {
    code: 'vault-namespace-missing',
    subject: `Vault namespace ${namespace}`,
    message: `${address} has no Vault namespace ${namespace}: ${detail}`,
    fix: [{ why: `name one that is there (${inWords(vault('namespace list'))}), or none: unset VAULT_NAMESPACE` }],
  };
}

function forbidden(
  { address, tokenFrom, lease }: VaultConnection,
  { verb, path }: AskedOfVault,
  answer: VaultAnswer,
  known: Known,
): Problem | undefined {
  if (answer.status !== 403 && answer.status !== 401) return undefined;
  if (lease && isAboutToken(answer) && hasEnded(lease)) return leaseEnded(lease);
  if (known.tokenRefused) {
    return {
      code: 'operator-token-invalid',
      subject: tokenFrom,
      message: `Vault at ${address} does not accept the token from ${tokenFrom}: it is unknown, revoked or past its end`,
      fix: [{ why: `log in again, or ask whoever gave it for a new one: ${inWords(vault('login'))}` }],
    };
  }
  const needed = capabilitiesFor(verb, path);
  if (verb === 'write' && needed.every((one) => known.held?.includes(one)))
    return {
      code: 'operator-forbidden',
      subject: path,
      message: `the token from ${tokenFrom} may write ${path}, and not with what was sent: ${saidIn(answer) || answer.status}`,
      fix: [
        {
          why: `ask who runs Vault: a rule on ${path} limits what may be sent (allowed_parameters, denied_parameters or required_parameters)`,
        },
      ],
    };
  return {
    code: 'operator-forbidden',
    subject: path,
    message: `the token from ${tokenFrom} may not ${verb} ${path}: ${saidIn(answer) || answer.status}`,
    fix: [
      {
        why: `ask who runs Vault for this in a policy of yours: ${printGrant(path, needed)}`,
      },
      { why: 'see what the token may do there', command: vault('token capabilities', [path]) },
    ],
  };
}

function hasEnded({ ttl, since }: TokenLease): boolean {
  return ttl > 0 && Date.now() >= since + ttl * 1000;
}

/** Nothing is wrong with the token, only with how long it is good for. */
function leaseEnded({ at, ttl, of }: TokenLease): Problem {
  const what = of === 'child' ? 'child token' : `token of the login at ${at}`;
  const problem = {
    code: 'operator-token-invalid' as const,
    subject: at,
    message: `the ${what} came to its end in the middle of the run: it was made for ${ttl} s; what was done until then stays done`,
  };
  if (of === 'child') return { ...problem, fix: [{ why: 'run it again, it goes on where it stopped' }] };
  return {
    ...problem,
    fix: [
      { why: 'run it again, it goes on where it stopped; and give the role a longer token_ttl' },
      { why: 'see what the role has', command: vault('list', [`${at}/role`]) },
    ],
  };
}

/** What Vault checks for; sys/auth/<path> is among the paths that want sudo besides. */
function capabilitiesFor(verb: AskedOfVault['verb'], path: string): string[] {
  const sudo = /^sys\/auth\/./.test(path) ? ['sudo'] : [];
  return [...(verb === 'write' ? ['create', 'update'] : [verb]), ...sudo];
}

function policyFault({ verb, path }: AskedOfVault, answer: VaultAnswer): Problem | undefined {
  const name = /^sys\/policies\/acl\/(.+)$/.exec(path)?.[1];
  if (verb !== 'write' || name === undefined || answer.status !== 400) return undefined;
  return {
    code: 'policy-invalid',
    subject: path,
    message: `Vault does not accept the policy ${name}: ${saidIn(answer)}`,
    fix: [{ why: 'try it by hand', command: vault('policy write', [name, 'policy.hcl']) }],
  };
}

function other({ verb, path }: AskedOfVault, answer: VaultAnswer): Problem {
  const said = saidIn(answer);
  if (answer.status === 400 && /path is already in use/.test(said)) {
    return {
      code: 'auth-path-in-use',
      subject: path,
      message: `an auth method is already enabled at ${path}: ${said}`,
    };
  }
  if (hasNoHandler(answer)) {
    return { code: 'auth-mount-missing', subject: path, message: `nothing is enabled that serves ${path}: ${said}` };
  }
  return {
    code: 'vault-error',
    subject: path,
    message: `Vault answered ${answer.status} to ${verb} ${path}${said && `: ${said}`}`,
  };
}
