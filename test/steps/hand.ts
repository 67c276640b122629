import type { Report } from '../../src/model/report.ts';
import { type CliResult, reportOf } from '../servers/cli.ts';
import { kubernetes, type RawAnswer } from '../servers/raw.ts';
import type { Workbench } from '../servers/workbench.ts';

/** Everything of a workbench as a hand with curl and kubectl sees and changes it. */
export interface Hand {
  /** Paths and URLs of the objects, by the addresses that reports use. */
  address: Record<'mount' | 'policy' | 'config' | 'role' | 'account' | 'secret' | 'binding', string>;
  url: Record<'account' | 'secret' | 'binding', string>;
  /** The token in the reviewer's Secret. */
  reviewerToken(): Promise<string>;
  /** Writes the auth config whole, as it is but for these fields; the reviewer's token too. */
  config(changes: Record<string, unknown>): Promise<void>;
  /** Writes some fields of the role; Vault merges. */
  role(changes: Record<string, unknown>): Promise<void>;
  /** Asserts that it was done. */
  done(answer: Promise<RawAnswer>): Promise<RawAnswer>;
  /**
   * All objects: Vault's as they read, Kubernetes' by resourceVersion, so that a write that changes nothing a reader
   * can see still shows.
   */
  world(): Promise<Record<string, unknown>>;
}

export function handOf(bench: Workbench): Hand {
  const { namespace, mount, policy, role, binding } = bench;
  const address = {
    mount: `sys/auth/${mount}`,
    policy: `sys/policies/acl/${policy}`,
    config: `auth/${mount}/config`,
    role: `auth/${mount}/role/${role}`,
    account: `ServiceAccount ${namespace}/vault-reviewer`,
    secret: `Secret ${namespace}/vault-reviewer-token`,
    binding: `ClusterRoleBinding ${binding}`,
  };
  const url = {
    account: `/api/v1/namespaces/${namespace}/serviceaccounts/vault-reviewer`,
    secret: `/api/v1/namespaces/${namespace}/secrets/vault-reviewer-token`,
    binding: `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${binding}`,
  };
  const reviewerToken = async () =>
    Buffer.from((await kubernetes('GET', url.secret)).body.data.token, 'base64').toString();
  const data = async (path: string) => (await bench.vault('GET', path)).body?.data;
  return {
    address,
    url,
    reviewerToken,
    done,
    config: async (changes) => {
      const { token_reviewer_jwt_set: _, ...stored } = await data(address.config);
      const document = { ...stored, token_reviewer_jwt: await reviewerToken(), ...changes };
      await done(bench.vault('POST', address.config, document));
    },
    role: async (changes) => {
      await done(bench.vault('POST', address.role, changes));
    },
    world: async () => {
      const found: Record<string, unknown> = {};
      const { type, accessor, description, config } = (await data(address.mount)) ?? {};
      found[address.mount] = accessor && { type, accessor, description, config };
      for (const path of [address.policy, address.config, address.role]) found[path] = await data(path);
      for (const name of ['my-sa', 'stranger'])
        found[`ServiceAccount ${namespace}/${name}`] = await versionOf(
          `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`,
        );
      for (const kind of ['account', 'secret', 'binding'] as const) found[address[kind]] = await versionOf(url[kind]);
      return found;
    },
  };
}

async function done(answer: Promise<RawAnswer>): Promise<RawAnswer> {
  const { status, text, ...rest } = await answer;
  if (status >= 300) throw new Error(`the hand slipped: ${status} ${text}`);
  return { status, text, ...rest };
}

async function versionOf(path: string): Promise<string | undefined> {
  const { status, body } = await kubernetes('GET', path);
  return status === 404 ? undefined : body.metadata.resourceVersion;
}

/** What is pending, in a form that tests write down: address -> field -> [before, after]. */
export function pending({ findings }: Pick<Report, 'findings'>): Record<string, Record<string, unknown[]>> {
  return Object.fromEntries(
    findings
      .filter(({ status }) => status === 'pending')
      .map(({ subject, fields }) => [
        subject,
        Object.fromEntries(fields.map(({ field, before, after }) => [field, [before, after]])),
      ]),
  );
}

/** Requests that -vv logged, as `METHOD path`. */
function requests({ stderr }: CliResult): string[] {
  return stderr.split('\n').flatMap((line) => /^([A-Z]+ \/\S*) (?:\d+|\w+) \d+ ms/.exec(line)?.[1] ?? []);
}

const asking = /\/(login|revoke-self|capabilities-self|token|tokenreviews|selfsubjectrulesreviews)$/;

/** The requests among them that write objects, sorted. */
function writes(result: CliResult): string[] {
  return requests(result)
    .filter((line) => !line.startsWith('GET ') && !asking.test(line))
    .sort();
}

/** A run whose report and requests are both looked at. */
export async function watched(
  bench: Workbench,
  ...args: string[]
): Promise<{ report: Report; exit: number; writes: string[]; requests: string[] }> {
  const result = await bench.cli(...args, '-o', 'json', '-vv');
  return { report: reportOf(result), exit: result.exit, writes: writes(result), requests: requests(result) };
}
