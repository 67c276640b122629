import type { HttpStream } from '../http/transport.ts';
import type { ServerProduct } from '../model/server-product.ts';
import type { WorkloadRequest } from '../policy/requests.ts';
import type { Secret } from '../secret.ts';
import type { VouchedMount } from './vouched-mount.ts';

/** A JSON object as Vault sends it. Never printed whole. */
export type VaultData = Record<string, unknown>;

/**
 * May look, by type and by a run-time gate that lets only GET and LIST pass. What it reads is remembered until the
 * session writes, so a plan reads each object once. Paths are API paths without `/v1/`, unencoded.
 *
 * Errors of every method: SystemError with a code of codes.ts (operator-forbidden names path and capability).
 */
export interface VaultReader {
  /** Drops what was remembered, so that the next read asks the server again. */
  forget(): void;
  readonly address: string;
  /** Vault namespace, '' for the root. */
  readonly namespace: string;
  /** `data` of the answer (the whole answer for sys/health-like endpoints); undefined when Vault says 404. */
  read(path: string): Promise<VaultData | undefined>;
  /** Like read, from the server again whatever is remembered. */
  reread(path: string): Promise<VaultData | undefined>;
  /** Like read, with the whole 404 told apart: `handled: false` is "no handler for route" (no such mount). */
  lookup(path: string): Promise<VaultLookup>;
  /** Keys of a LIST; undefined when Vault says 404 (nothing there). */
  list(path: string): Promise<string[] | undefined>;
  /** sys/health, unauthenticated. */
  health(): Promise<VaultHealth>;
  /** auth/token/lookup-self; whose the operator's token is and what it has, never its id. */
  operator(): Promise<VaultOperator>;
  /** Warnings of Vault's answers so far, each with the path it came with; reading empties the list. */
  takeWarnings(): VaultWarning[];
}

export interface VaultOperator {
  /** Vault's display_name, with the role where it names the method alone: `approle ci-apply`, `token`. */
  name: string;
  /** Its identity's too. */
  policies: string[];
  root: boolean;
  expires?: Date;
}

export interface VaultLookup {
  data?: VaultData;
  /** False: "no handler for route", so nothing is mounted there. */
  handled: boolean;
}

export interface VaultWarning {
  path: string;
  text: string;
}

export interface VaultHealth {
  version: string;
  product: ServerProduct;
  sealed: boolean;
  initialized: boolean;
  standby: boolean;
  clusterId?: string;
  /** Seconds that Vault's clock was ahead of ours when it answered. */
  clockAhead?: number;
}

export interface VaultLogin {
  token: Secret;
  accessor: string;
  /** Seconds. */
  ttl: number;
  policies: string[];
  warnings: string[];
  /** service, batch. */
  type: string;
  /** Requests it is good for; 0: any number. */
  uses: number;
}

/** Vault's answer to a login or to a request with a workload's token, when it was not 2xx. */
export interface VaultRefusal {
  status: number;
  /** Vault's `errors`, scrubbed, joined by '; '. */
  said: string;
}

/** What Vault said to the very request that a workload makes. */
export interface WorkloadAnswer {
  status: number;
  /** Vault's `errors`, or what it says of a deleted version; '' for an answer that gives something. */
  said: string;
  /** A 403 that may be about the token itself, and not about what its policies allow. */
  ofToken?: true;
  /** A 404 because nothing is mounted there. */
  noMount?: true;
}

/** A reader that may also try things that leave nothing behind: the gate adds login, revoke, capabilities and monitor. */
export interface VaultProber extends VaultReader {
  /**
   * POST auth/<mount>/login, entered in the ledger. A refusal is an answer, not an error.
   * @param who logs in, for what is told of a token that is left: `ServiceAccount default/my-sa`.
   */
  login(mount: VouchedMount, role: string, jwt: Secret, who: string): Promise<VaultLogin | VaultRefusal>;
  /** The same at any mount, with a role that cannot exist and a token that nobody signed. */
  impossibleLogin(mount: string): Promise<VaultLogin | VaultRefusal>;
  /**
   * Capabilities of a token on API paths, by path; each of them has an entry, or the answer is an error. Asks
   * sys/capabilities-self with that token; where that is 403 (token_no_default_policy), and for a token of few uses,
   * sys/capabilities-accessor as the operator.
   */
  capabilities(login: VaultLogin, paths: string[]): Promise<Record<string, string[]>>;
  /**
   * The request with the workload's token. What it gives is dropped at once; with `unread` it is never even decoded.
   * Errors: SystemError for an answer that is none: 429, 5xx, a redirect, another form than Vault's.
   */
  tryAs(login: VaultLogin, request: WorkloadRequest, options?: { unread: boolean }): Promise<WorkloadAnswer>;
  /** The secrets engines that the workload's token has rights below, as sys/internal/ui/mounts shows them; undefined: no telling. */
  mountsOf(login: VaultLogin): Promise<VaultData | undefined>;
  /**
   * What is mounted where a path leads, asked by that path with the workload's token; `none` where Vault refuses to say,
   * as it does when nothing is. Undefined: no telling.
   */
  mountAt(login: VaultLogin, path: string): Promise<VaultData | 'none' | undefined>;
  /** revoke-self, else revoke-accessor as the operator. False: it could not be revoked (batch tokens) and ends by its TTL. */
  revoke(login: VaultLogin): Promise<boolean>;
  /** GET sys/monitor at debug level as JSON lines. */
  monitor(): Promise<HttpStream>;
}

/** May write: the gate is open for what steps write (sys/auth, sys/policies/acl, auth/<mount>/config and role). */
export interface VaultSession extends VaultProber {
  /** POST. Forgets what was read. Resolves with `data`, if any. */
  write(path: string, data: VaultData): Promise<VaultData | undefined>;
  /** sys/capabilities-self: what the operator's token may do, by API path. One request for each 250 paths. */
  rights(paths: string[]): Promise<Record<string, string[]>>;
}

/** For the wizard: may list names of secrets and ask what its own token may do, and nothing else. */
export interface VaultBrowser {
  /**
   * Names below a folder of a secrets engine, folders with a slash at the end; [] when there are none.
   * Errors: SystemError operator-forbidden.
   */
  names(path: string): Promise<string[]>;
  /** Capabilities of the operator's token, by API path. */
  rights(paths: string[]): Promise<Record<string, string[]>>;
}

/** May make and remove auth methods at `vaultbind-probe-<12 hex digits>` and write into them, and nothing else at all. */
export interface VaultScratch {
  /** Enables a kubernetes auth method. Errors: operator-forbidden. */
  enable(mount: string, description: string): Promise<void>;
  /** POST below auth/<mount>/. */
  write(mount: string, path: string, data: VaultData): Promise<void>;
  /** Goes out even after an interruption. One that is gone already is no error. */
  remove(mount: string): Promise<void>;
}

export function isRefusal(answer: VaultLogin | VaultRefusal): answer is VaultRefusal {
  return 'said' in answer;
}
