import type { At, Plain } from './reading/tree.ts';

/** In the order they are shown. `subscribe` and `recover` are Vault's only, `scan` is OpenBao's only. */
export const capabilityNames = [
  'create',
  'read',
  'update',
  'patch',
  'delete',
  'list',
  'scan',
  'sudo',
  'subscribe',
  'recover',
  'deny',
] as const;

export type Capability = (typeof capabilityNames)[number];

/** Parameter names in lower case, each with the values allowed or denied; no values: any value. */
export type ParameterValues = Map<string, Plain[]>;

/** One `path` block with what the servers make of it. Absent fields restrict nothing. */
export interface PolicyRule extends At {
  /** As written, without a slash in front. A `*` at the end is a prefix, `+` one segment. */
  path: string;
  /** Without duplicates; `policy = "…"` spelled out; `deny` stands alone, and then no other field but expiration is set. */
  capabilities: Capability[];
  allowed_parameters?: ParameterValues;
  denied_parameters?: ParameterValues;
  /** Lower case. */
  required_parameters?: string[];
  /** Seconds. */
  min_wrapping_ttl?: number;
  /** Seconds. */
  max_wrapping_ttl?: number;
  mfa_methods?: string[];
  /** Vault only. */
  subscribe_event_types?: string[];
  /** OpenBao only. Seconds since 1970; from then on the server ignores the block. */
  expiration?: number;
  /** OpenBao only. Longest page of a list. */
  pagination_limit?: number;
}

/** What one path comes to, without the place it was written at. */
export type Meaning = Omit<PolicyRule, 'line' | 'column'>;

/** What a server would refuse the text for. */
export interface PolicyProblem extends At {
  /** One sentence. */
  message: string;
  /** `both`, or the only server that minds: duplicates and each other's extensions. */
  refusedBy: 'both' | 'vault' | 'openbao';
}

/** The first place from which on a text may be read otherwise than we read it. */
export interface Unclear extends At {
  /** One sentence: what stands there, and how to write it instead. */
  message: string;
}
