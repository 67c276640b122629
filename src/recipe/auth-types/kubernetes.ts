import { tokenStates } from '../../model/token-states.ts';
import type { AuthType } from './auth-type.ts';

/**
 * Kubernetes says by a TokenReview whose token it is. Defaults as read back from OpenBao 2.7 and Vault 1.21, of a role
 * that was written with the two required fields alone.
 */
export const kubernetesAuth = {
  name: 'kubernetes',
  config: {
    kubernetes_host: { kind: 'host', default: '' },
    kubernetes_ca_cert: { kind: 'ca', default: '' },
    token_reviewer_jwt: { kind: 'text', default: tokenStates.none, sensitive: true },
    disable_local_ca_jwt: { kind: 'boolean', default: false },
    issuer: { kind: 'text', default: '' },
    disable_iss_validation: { kind: 'boolean', default: true },
    pem_keys: { kind: 'pems', default: [] },
    use_annotations_as_alias_metadata: { kind: 'boolean', default: false },
  },
  role: {
    bound_service_account_names: { kind: 'set', default: [] },
    bound_service_account_namespaces: { kind: 'set', default: [] },
    bound_service_account_namespace_selector: { kind: 'text', default: '' },
    audience: { kind: 'text', default: '' },
    alias_name_source: { kind: 'text', default: 'serviceaccount_uid' },
    token_policies: { kind: 'set', default: [] },
    token_ttl: { kind: 'number', default: 0 },
    token_max_ttl: { kind: 'number', default: 0 },
    token_explicit_max_ttl: { kind: 'number', default: 0 },
    token_period: { kind: 'number', default: 0 },
    token_num_uses: { kind: 'number', default: 0 },
    token_no_default_policy: { kind: 'boolean', default: false },
    token_bound_cidrs: { kind: 'cidrs', default: [] },
    token_type: { kind: 'text', default: 'default' },
  },
} as const satisfies AuthType;

export type ConfigField = keyof (typeof kubernetesAuth)['config'];
