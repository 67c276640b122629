import { products, servers } from '../servers/servers.ts';
import type { Workbench } from '../servers/workbench.ts';
import { type Drift, driftsAreMended, type Fields, fromSecret, type Scene } from './drift.ts';

/** One field of the role, each in turn. */
const roleFields: [field: string, byHand: unknown, recipe: unknown][] = [
  ['bound_service_account_names', ['my-sa', 'stranger'], ['my-sa']],
  ['audience', 'other', 'vault'],
  ['alias_name_source', 'serviceaccount_name', 'serviceaccount_uid'],
  ['token_ttl', 60, 3600],
  ['token_max_ttl', 7200, 0],
  ['token_explicit_max_ttl', 86400, 0],
  ['token_period', 300, 0],
  ['token_num_uses', 7, 20],
  ['token_no_default_policy', true, false],
  ['token_type', 'batch', 'default'],
];

function ofRole([field, byHand, recipe]: (typeof roleFields)[number]): Drift {
  return {
    what: `${field} of the role`,
    byHand: ({ hand }) => hand.role({ [field]: byHand, ...(byHand === 'batch' ? { token_num_uses: 0 } : {}) }),
    shows: ({ hand }) => ({
      [hand.address.role]: {
        [field]: [byHand, recipe],
        ...(byHand === 'batch' ? { token_num_uses: [0, 20] as [unknown, unknown] } : {}),
      },
    }),
  };
}

const setConfig =
  (changes: (scene: Scene) => Record<string, unknown>): Drift['byHand'] =>
  (scene) =>
    scene.hand.config(changes(scene));

const policyText = ({ secret }: Workbench) => `path "secret/data/${secret}" {\n  capabilities = ["read"]\n}`;

const vaultDrifts: Drift[] = [
  ...roleFields.map(ofRole),
  {
    what: 'bound_service_account_namespaces of the role',
    byHand: ({ hand, bench }) => hand.role({ bound_service_account_namespaces: [bench.namespace, 'default'] }),
    shows: ({ hand, bench }) => ({
      [hand.address.role]: { bound_service_account_namespaces: [[bench.namespace, 'default'], [bench.namespace]] },
    }),
  },
  {
    what: 'token_policies of the role',
    byHand: ({ hand, bench }) => hand.role({ token_policies: [bench.policy, 'other'] }),
    shows: ({ hand, bench }) => ({
      [hand.address.role]: { token_policies: [[bench.policy, 'other'], [bench.policy]] },
    }),
  },
  {
    what: 'token_bound_cidrs of the role',
    byHand: ({ hand }) => hand.role({ token_bound_cidrs: ['10.0.0.0/8'] }),
    shows: ({ hand }) => ({
      [hand.address.role]: { token_bound_cidrs: [['10.0.0.0/8'], ['127.0.0.1/32', '::1/128']] },
    }),
  },
  {
    what: 'several fields of the role at once',
    byHand: ({ hand }) => hand.role({ token_ttl: 60, audience: '', token_policies: [] }),
    shows: ({ hand, bench }) => ({
      [hand.address.role]: { audience: ['', 'vault'], token_policies: [[], [bench.policy]], token_ttl: [60, 3600] },
    }),
  },
  {
    what: 'the role removed',
    byHand: ({ hand, bench }) => hand.done(bench.vault('DELETE', hand.address.role)),
    shows: ({ hand, bench }) => ({
      [hand.address.role]: {
        bound_service_account_names: [undefined, ['my-sa']],
        bound_service_account_namespaces: [undefined, [bench.namespace]],
        audience: [undefined, 'vault'],
        token_policies: [undefined, [bench.policy]],
        token_ttl: [undefined, 3600],
        token_num_uses: [undefined, 20],
        token_bound_cidrs: [undefined, ['127.0.0.1/32', '::1/128']],
      },
    }),
  },
  {
    what: 'kubernetes_host of the config',
    byHand: setConfig(() => ({ kubernetes_host: 'https://127.0.0.1:1' })),
    shows: ({ hand }) => ({
      [hand.address.config]: { kubernetes_host: ['https://127.0.0.1:1', servers().kubernetes.server] },
    }),
  },
  {
    what: 'kubernetes_ca_cert of the config',
    byHand: setConfig(({ otherCa }) => ({ kubernetes_ca_cert: otherCa })),
    shows: ({ hand, otherCa }) => ({
      [hand.address.config]: { kubernetes_ca_cert: [otherCa, servers().kubernetes.ca] },
    }),
  },
  {
    what: 'issuer of the config',
    byHand: setConfig(() => ({ issuer: 'https://elsewhere' })),
    shows: ({ hand }) => ({ [hand.address.config]: { issuer: ['https://elsewhere', ''] } }),
  },
  {
    what: 'disable_iss_validation of the config',
    byHand: setConfig(() => ({ disable_iss_validation: false })),
    shows: ({ hand }) => ({ [hand.address.config]: { disable_iss_validation: [false, true] } }),
  },
  {
    what: 'disable_local_ca_jwt of the config',
    byHand: setConfig(() => ({ disable_local_ca_jwt: true })),
    shows: ({ hand }) => ({ [hand.address.config]: { disable_local_ca_jwt: [true, false] } }),
  },
  {
    what: 'pem_keys of the config',
    byHand: setConfig(({ otherCa }) => ({ pem_keys: [otherCa] })),
    shows: ({ hand, otherCa }) => ({ [hand.address.config]: { pem_keys: [[otherCa.trim()], []] } }),
  },
  {
    what: 'use_annotations_as_alias_metadata of the config',
    only: 'hashicorp',
    byHand: setConfig(() => ({ use_annotations_as_alias_metadata: true })),
    shows: ({ hand }) => ({ [hand.address.config]: { use_annotations_as_alias_metadata: [true, false] } }),
  },
  {
    what: 'the reviewer token blanked',
    byHand: setConfig(() => ({ token_reviewer_jwt: '' })),
    shows: (scene) => ({
      [scene.hand.address.config]: { token_reviewer_jwt: ['(not set)', fromSecret(scene)] },
    }),
  },
  {
    what: 'the config overwritten',
    byHand: ({ hand, bench }) =>
      hand.done(
        bench.vault('POST', hand.address.config, {
          kubernetes_host: 'https://elsewhere',
          disable_local_ca_jwt: true,
          kubernetes_ca_cert: servers().kubernetes.ca,
        }),
      ),
    shows: (scene) => ({
      [scene.hand.address.config]: {
        kubernetes_host: ['https://elsewhere', servers().kubernetes.server],
        token_reviewer_jwt: ['(not set)', fromSecret(scene)],
        disable_local_ca_jwt: [true, false],
      },
    }),
  },
  {
    what: 'the text of the policy',
    byHand: ({ hand, bench }) =>
      hand.done(bench.vault('POST', hand.address.policy, { policy: 'path "secret/*" { capabilities = ["list"] }' })),
    shows: ({ hand, bench }) => ({
      [hand.address.policy]: { policy: ['path "secret/*" { capabilities = ["list"] }', policyText(bench)] },
    }),
  },
  {
    what: 'the policy removed',
    byHand: ({ hand, bench }) => hand.done(bench.vault('DELETE', hand.address.policy)),
    shows: ({ hand, bench }) => ({ [hand.address.policy]: { policy: [undefined, policyText(bench)] } }),
  },
  {
    what: 'the description of the mount',
    byHand: ({ hand, bench }) =>
      hand.done(bench.vault('POST', `${hand.address.mount}/tune`, { description: 'scribbled' })),
    shows: ({ hand }) => ({ [hand.address.mount]: { description: ['scribbled', 'the workloads of a test'] } }),
  },
  {
    what: 'the mount removed and made again, so with another accessor',
    byHand: async ({ hand, bench }) => {
      await hand.done(bench.vault('DELETE', hand.address.mount));
      const again = { type: 'kubernetes', description: 'the workloads of a test' };
      await hand.done(bench.vault('POST', hand.address.mount, again));
    },
    shows: (scene) => ({ ...configMade(scene), ...roleMade(scene) }),
    touches: ({ hand }) => [hand.address.secret, hand.address.mount],
  },
  {
    what: 'the mount removed',
    byHand: ({ hand, bench }) => hand.done(bench.vault('DELETE', hand.address.mount)),
    shows: (scene) => ({
      [scene.hand.address.mount]: {
        type: [undefined, 'kubernetes'],
        description: [undefined, 'the workloads of a test'],
      },
      ...configMade(scene),
      ...roleMade(scene),
    }),
    touches: ({ hand }) => [hand.address.secret],
  },
];

function configMade(scene: Scene): Record<string, Fields> {
  return {
    [scene.hand.address.config]: {
      kubernetes_host: [undefined, servers().kubernetes.server],
      kubernetes_ca_cert: [undefined, servers().kubernetes.ca],
      token_reviewer_jwt: [undefined, fromSecret(scene)],
    },
  };
}

function roleMade(scene: Scene): Record<string, Fields> {
  return vaultDrifts.find(({ what }) => what === 'the role removed')?.shows(scene) ?? {};
}

for (const product of products) driftsAreMended('what Vault holds', product, vaultDrifts);
