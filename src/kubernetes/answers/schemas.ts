import { z } from 'zod';

/**
 * What an API server answers with when all is well, by resource: the fields that vaultbind and client-node's deserialiser
 * look at. What is not named here may be anything; what is named and has another type makes the whole answer odd (answers/odd.ts).
 */

const text = z.string();
const flag = z.boolean();
const texts = z.array(z.string());
const words = z.record(z.string(), z.string()).nullish();
const list = <T extends z.ZodType>(schema: T) => z.array(schema).nullish();
/** What goes into a header: a line end in it would be a second header. */
const token = z.string().regex(/^[\x21-\x7e]+$/, 'a token of other characters than tokens have');
const time = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'no point in time');

const metadata = z.looseObject({
  name: text,
  namespace: text.optional(),
  uid: text,
  resourceVersion: text.optional(),
  annotations: words,
  labels: words,
  managedFields: list(z.looseObject({ manager: text.optional(), operation: text.optional() })),
  ownerReferences: list(z.looseObject({})),
  finalizers: texts.nullish(),
});

const reference = z.looseObject({ name: text.optional() });

/** Fields of an object beside apiVersion, kind and metadata. */
const objects = {
  ServiceAccount: {
    secrets: list(reference),
    imagePullSecrets: list(reference),
    automountServiceAccountToken: flag.nullish(),
  },
  Secret: { type: text, data: words },
  ConfigMap: { data: words, binaryData: words },
  Namespace: {
    spec: z.looseObject({ finalizers: texts.nullish() }).nullish(),
    status: z.looseObject({ phase: text.optional(), conditions: list(z.looseObject({})) }).nullish(),
  },
  ClusterRoleBinding: {
    roleRef: z.looseObject({ apiGroup: text, kind: text, name: text }),
    subjects: list(z.looseObject({ kind: text, name: text, namespace: text.optional(), apiGroup: text.optional() })),
  },
} as const;

type ObjectKind = keyof typeof objects;

function object(kind: ObjectKind): z.ZodType {
  return z.looseObject({ kind: z.literal(kind), metadata, ...objects[kind] });
}

function listOf(kind: ObjectKind): z.ZodType {
  const item = z.looseObject({ metadata, ...objects[kind] });
  return z.looseObject({
    kind: z.literal(`${kind}List`),
    metadata: z.looseObject({ continue: text.optional() }),
    items: z.array(item),
  });
}

/** By resource: one object, and all of them. */
export const objectAnswers: Record<string, { one: z.ZodType; all: z.ZodType }> = Object.fromEntries(
  (
    [
      ['serviceaccounts', 'ServiceAccount'],
      ['secrets', 'Secret'],
      ['configmaps', 'ConfigMap'],
      ['namespaces', 'Namespace'],
      ['clusterrolebindings', 'ClusterRoleBinding'],
    ] as const
  ).map(([resource, kind]) => [resource, { one: object(kind), all: listOf(kind) }]),
);

function review<T extends z.ZodRawShape>(kind: string, status: T) {
  return z.looseObject({ kind: z.literal(kind), status: z.looseObject(status) });
}

const user = z.looseObject({
  username: text.optional(),
  uid: text.optional(),
  groups: texts.nullish(),
  extra: z.record(z.string(), texts).nullish(),
});
const access = { allowed: flag, reason: text.optional(), evaluationError: text.optional() };

/** Questions that are asked by POST. */
export const reviewAnswers: Record<string, z.ZodType> = {
  'serviceaccounts/token': review('TokenRequest', { token, expirationTimestamp: time }),
  tokenreviews: review('TokenReview', {
    authenticated: flag.optional(),
    user: user.nullish(),
    audiences: texts.nullish(),
    error: text.optional(),
  }).refine(({ status }) => !status.authenticated || Boolean(status.user?.username), 'authenticated, and nobody'),
  subjectaccessreviews: review('SubjectAccessReview', access),
  selfsubjectaccessreviews: review('SelfSubjectAccessReview', access),
  selfsubjectreviews: review('SelfSubjectReview', { userInfo: user.extend({ username: text }) }),
  selfsubjectrulesreviews: review('SelfSubjectRulesReview', {
    incomplete: flag,
    resourceRules: z
      .array(
        z.looseObject({
          verbs: texts,
          apiGroups: texts.nullish(),
          resources: texts.nullish(),
          resourceNames: texts.nullish(),
        }),
      )
      .nullable(),
    nonResourceRules: z.array(z.looseObject({ verbs: texts, nonResourceURLs: texts.nullish() })).nullish(),
  }),
};

export const versionAnswer = z.looseObject({ gitVersion: text.regex(/^v\d/, 'no version of Kubernetes') });

/** Kubernetes' own error object. What is of another type in it counts as not said. */
export const statusAnswer = z.looseObject({
  kind: z.literal('Status'),
  message: text.optional().catch(undefined),
  reason: text.optional().catch(undefined),
  code: z.number().optional().catch(undefined),
  details: z
    .looseObject({
      name: text.optional().catch(undefined),
      group: text.optional().catch(undefined),
      kind: text.optional().catch(undefined),
      retryAfterSeconds: z.number().optional().catch(undefined),
      causes: z
        .array(z.looseObject({ reason: text.optional(), message: text.optional(), field: text.optional() }))
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

export type ApiStatus = z.infer<typeof statusAnswer>;
