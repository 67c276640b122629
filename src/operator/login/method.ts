import type { Fix } from '../../errors.ts';
import type { Environment } from '../../model/environment.ts';
import type { Secret } from '../../secret.ts';
import type { VaultData, VaultLogin } from '../../vault/api.ts';

/**
 * Something a login method must be told. The command line, its help, the page beside it and questions are all made of this.
 * A secret is never the value of a flag: flags name the file or the variable that holds it.
 */
export interface LoginInput {
  /** How the method asks for it: `role_id`. */
  name: string;
  /** One line for people: what it is. */
  why: string;
  /** Asked with a hidden question, and never shown. */
  secret: boolean;
  /** Variable that holds the value. */
  env: string;
  /** Flag that holds the value, as the help shows it: `--vault-login-role <role>`. Never with `secret`. */
  flag?: string;
  /** File that holds the value; `-` is standard input. */
  file?: Pointer & { default?: string };
  /** Names another variable that holds the value. */
  variable?: Pointer;
  /** When nothing says it. Never with `secret`. */
  default?: string;
  /** May be left out: always, or in surroundings that have it from elsewhere. */
  optional?: true | { when(env: Environment): boolean; from: string };
}

/** A flag, and the variable that says the same. */
export interface Pointer {
  /** `--vault-login-jwt-file <file>` */
  flag: string;
  env: string;
}

/** What was found for a method's inputs. */
export interface Given {
  /** Path of the auth method, without `auth/` and without slashes at its ends. */
  mount: string;
  /** '' when it was left out. */
  text(name: string): string;
  /** Undefined when it was left out. */
  secret(name: string): Secret | undefined;
  env: Environment;
}

/** The little that a login may send. Errors of every method: SystemError when Vault does not answer. */
export interface LoginDoor {
  /**
   * POST below auth/<mount>/, sent once: an answer that was lost would be a token that nobody can revoke.
   * Errors: SystemError operator-login-refused with what Vault said, the role and these ways out.
   */
  login(request: LoginRequest): Promise<VaultLogin>;
  /** sys/wrapping/lookup: tells without using it up. Errors: SystemError wrapping-token-used. */
  lookupWrapped(token: Secret): Promise<{ creationPath: string }>;
  /** sys/wrapping/unwrap: uses it up. Errors: SystemError wrapping-token-used. */
  unwrap(token: Secret): Promise<VaultAnswerBody>;
  /** GET an id token of GitHub Actions. Errors: SystemError id-token-refused, InputError usage. */
  githubToken(env: Environment, audience: string): Promise<Secret>;
}

/** The whole JSON of an answer. */
export type VaultAnswerBody = VaultData;

export interface LoginRequest {
  mount: string;
  /** `login`, `login/<user name>`. */
  path: string;
  /** Secrets in clear: it goes to Vault and nowhere else. */
  data: VaultData;
  /** Who wanted in, for messages: `role deploy`, `user ci`. '' when there is nothing to say. */
  as: string;
  /** Usual causes of a refusal, best first. */
  causes: Fix[];
}

/** One way to log in to Vault without a human. */
export interface LoginMethod {
  name: string;
  /** One line for the help and the page. */
  summary: string;
  /** Mount path when none is given. '' for what is at no auth method. */
  path: string;
  inputs: LoginInput[];
  /** Absent: there is a token, and nothing to log in to; it is the user's own and is not revoked. */
  login?(given: Given, door: LoginDoor): Promise<VaultLogin>;
}
