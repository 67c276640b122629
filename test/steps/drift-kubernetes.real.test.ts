import { kubernetes } from '../servers/raw.ts';
import { type Drift, driftsAreMended, type Fields, fromSecret, type Scene } from './drift.ts';

const configAgain = (scene: Scene): Record<string, Fields> => ({
  [scene.hand.address.config]: { token_reviewer_jwt: ['(set, unknown)', fromSecret(scene)] },
});

const secretMade = ({ hand }: Scene): Record<string, Fields> => ({
  [hand.address.secret]: {
    type: [undefined, 'kubernetes.io/service-account-token'],
    'kubernetes.io/service-account.name': [undefined, 'vault-reviewer'],
  },
});

const gone = async (path: string) => {
  for (let tries = 0; tries < 100; tries++) {
    if ((await kubernetes('GET', path)).status === 404) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${path} stays`);
};

const kubernetesDrifts: Drift[] = [
  {
    what: "the reviewer's account removed, its Secret perhaps still there",
    byHand: ({ hand }) => hand.done(kubernetes('DELETE', hand.url.account)),
    shows: (scene) => ({
      [scene.hand.address.account]: {},
      ...secretMade(scene),
      ...configAgain(scene),
    }),
  },
  {
    what: "the reviewer's account removed and made again, so with another uid",
    byHand: async ({ hand, bench }) => {
      await hand.done(kubernetes('DELETE', hand.url.account));
      const accounts = `/api/v1/namespaces/${bench.namespace}/serviceaccounts`;
      await hand.done(kubernetes('POST', accounts, { metadata: { name: 'vault-reviewer' } }));
    },
    shows: (scene) => ({ ...secretMade(scene), ...configAgain(scene) }),
  },
  {
    what: "the reviewer's account removed, and with it its Secret",
    byHand: async ({ hand }) => {
      await hand.done(kubernetes('DELETE', hand.url.account));
      await gone(hand.url.secret);
    },
    shows: (scene) => ({
      [scene.hand.address.account]: {},
      ...secretMade(scene),
      ...configAgain(scene),
    }),
  },
  {
    what: 'the token Secret removed',
    byHand: ({ hand }) => hand.done(kubernetes('DELETE', hand.url.secret)),
    shows: (scene) => ({ ...secretMade(scene), ...configAgain(scene) }),
  },
  {
    what: 'the token Secret removed and made again by hand',
    byHand: async ({ hand, bench }) => {
      await hand.done(kubernetes('DELETE', hand.url.secret));
      const annotations = { 'kubernetes.io/service-account.name': 'vault-reviewer' };
      await hand.done(
        kubernetes('POST', `/api/v1/namespaces/${bench.namespace}/secrets`, {
          metadata: { name: 'vault-reviewer-token', annotations },
          type: 'kubernetes.io/service-account-token',
        }),
      );
    },
    shows: configAgain,
    touches: ({ hand }) => [hand.address.secret],
  },
  {
    what: 'the annotation of the token Secret removed',
    byHand: async ({ hand }) => {
      const { annotations } = (await kubernetes('GET', hand.url.secret)).body.metadata;
      const ours = Object.keys(annotations).filter((key) => key.startsWith('written-to.vaultbind.dev/'));
      const removed = Object.fromEntries(ours.map((key) => [key, null]));
      await hand.done(kubernetes('PATCH', hand.url.secret, { metadata: { annotations: removed } }));
    },
    shows: configAgain,
    touches: ({ hand }) => [hand.address.secret],
  },
  {
    what: 'the binding removed',
    byHand: ({ hand }) => hand.done(kubernetes('DELETE', hand.url.binding)),
    shows: ({ hand, bench }) => ({
      [hand.address.binding]: {
        roleRef: [undefined, 'ClusterRole/system:auth-delegator'],
        subjects: [undefined, [`${bench.namespace}/vault-reviewer`]],
      },
    }),
  },
  {
    what: 'our subject replaced in the binding, as vaultbind',
    byHand: ({ hand, bench }) =>
      hand.done(
        kubernetes('PATCH', `${hand.url.binding}?fieldManager=vaultbind`, {
          subjects: [{ kind: 'ServiceAccount', name: 'stranger', namespace: bench.namespace }],
        }),
      ),
    shows: ({ hand, bench }) => ({
      [hand.address.binding]: {
        subjects: [
          [`${bench.namespace}/stranger`],
          [`${bench.namespace}/stranger`, `${bench.namespace}/vault-reviewer`],
        ],
      },
    }),
  },
  {
    what: 'all subjects removed from the binding',
    byHand: ({ hand }) => hand.done(kubernetes('PATCH', hand.url.binding, { subjects: null })),
    shows: ({ hand, bench }) => ({
      [hand.address.binding]: { subjects: [[], [`${bench.namespace}/vault-reviewer`]] },
    }),
  },
  {
    what: 'a further subject in the binding',
    byHand: ({ hand, bench }) =>
      hand.done(
        kubernetes('PATCH', `${hand.url.binding}?fieldManager=somebody`, {
          subjects: [
            { kind: 'ServiceAccount', name: 'vault-reviewer', namespace: bench.namespace },
            { kind: 'Group', name: 'auditors', apiGroup: 'rbac.authorization.k8s.io' },
          ],
        }),
      ),
    shows: () => ({}),
  },
  {
    what: 'further labels and annotations on everything',
    byHand: async ({ hand }) => {
      const metadata = { labels: { team: 'a', 'vaultbind.dev/recipe': 'other' }, annotations: { note: 'b' } };
      for (const url of Object.values(hand.url)) await hand.done(kubernetes('PATCH', url, { metadata }));
    },
    shows: () => ({}),
  },
];

// The other product would see the same requests.
driftsAreMended('what Kubernetes holds', 'openbao', kubernetesDrifts);
