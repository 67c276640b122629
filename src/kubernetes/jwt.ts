import type { Secret } from '../secret.ts';

/** What a ServiceAccount token says of itself. Not verified, and never its signature. */
export interface TokenClaims {
  /** `sub`, e.g. system:serviceaccount:default:my-sa. */
  subject?: string;
  /** `aud`; a legacy token of a Secret has none. */
  audiences: string[];
  /** `iss`. */
  issuer?: string;
  /** `exp`; a legacy token never ends. */
  expires?: Date;
  /** `iat`. */
  issued?: Date;
  /** Algorithm of the header, e.g. RS256. */
  algorithm?: string;
  /** Of the kubernetes.io claims, in their new or their legacy form. */
  serviceAccount?: { namespace: string; name: string; uid?: string };
  /** The Secret a legacy token was stored in. */
  secret?: string;
}

type Json = Record<string, unknown>;

/** Undefined when it is not a JWT at all. */
export function claims(jwt: Secret): TokenClaims | undefined {
  const text = jwt.reveal().trim();
  // Node would skip a quote or a space; Vault and the API server do not.
  if (!/^[\w.-]+$/.test(text)) return undefined;
  const [head, body, signature, ...rest] = text.split('.');
  const header = decoded(head);
  const payload = decoded(body);
  if (!header || !payload || signature === undefined || rest.length > 0) return undefined;
  const serviceAccount = account(payload);
  return {
    ...definedText('subject', payload['sub']),
    audiences: texts(payload['aud']),
    ...definedText('issuer', payload['iss']),
    ...definedDate('expires', payload['exp']),
    ...definedDate('issued', payload['iat']),
    ...definedText('algorithm', header['alg']),
    serviceAccount,
    ...definedText('secret', payload['kubernetes.io/serviceaccount/secret.name']),
  };
}

function account(payload: Json): TokenClaims['serviceAccount'] {
  const bound = object(payload['kubernetes.io']);
  const inner = object(bound?.['serviceaccount']);
  const legacy = (key: string) => payload[`kubernetes.io/serviceaccount/${key}`];
  const namespace = bound?.['namespace'] ?? legacy('namespace');
  const name = inner?.['name'] ?? legacy('service-account.name');
  const uid = inner?.['uid'] ?? legacy('service-account.uid');
  if (typeof namespace !== 'string' || typeof name !== 'string') return undefined;
  return { namespace, name, ...(typeof uid === 'string' && { uid }) };
}

function decoded(part: string | undefined): Json | undefined {
  try {
    return object(JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

function object(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string');
}

function definedText<K extends string>(key: K, value: unknown): { [k in K]?: string } {
  return (typeof value === 'string' ? { [key]: value } : {}) as { [k in K]?: string };
}

function definedDate<K extends string>(key: K, seconds: unknown): { [k in K]?: Date } {
  return (typeof seconds === 'number' ? { [key]: new Date(seconds * 1000) } : {}) as { [k in K]?: Date };
}
