import type { Secret } from '../../secret.ts';

/** What a request proves itself with. Several may be set: a certificate and a token go together. */
export interface Credential {
  token?: Secret;
  basic?: { username: string; password: Secret };
  /** PEM, with its key in `key`. */
  cert?: string;
  key?: Secret;
}

/** Where credentials come from; some have to be fetched, and end. */
export interface CredentialSource {
  /** For messages, e.g. `client certificate of user "admin"`. */
  readonly description: string;
  /** @throws SystemError kubernetes-plugin-failed, InputError kubernetes-config-invalid. */
  current(): Promise<Credential>;
  /** After a 401 to `rejected`: other credentials to try once, or undefined when there are none. */
  renew(rejected: Credential): Promise<Credential | undefined>;
}

/** Credentials that never change. */
export function fixedCredentials(description: string, credential: Credential): CredentialSource {
  return { description, current: async () => credential, renew: async () => undefined };
}

/** Who requests are made as, instead of who the credentials say. */
export interface Impersonation {
  user: string;
  uid?: string;
  groups: string[];
  extra: Record<string, string[]>;
}

/** Headers in the form the API server reads; a group is a header line of its own. */
export function impersonationHeaders(as: Impersonation): Record<string, string | string[]> {
  const extra = Object.entries(as.extra).map(([key, values]) => [
    `Impersonate-Extra-${encodeURIComponent(key)}`,
    values,
  ]);
  return {
    'Impersonate-User': as.user,
    ...(as.uid !== undefined && { 'Impersonate-Uid': as.uid }),
    ...(as.groups.length > 0 && { 'Impersonate-Group': as.groups }),
    ...(Object.fromEntries(extra) as Record<string, string[]>),
  };
}
