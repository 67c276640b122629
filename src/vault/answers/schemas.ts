import { z } from 'zod';
import type { PathName } from '../paths.ts';

/**
 * What Vault and OpenBao answer with when all is well, by path: the fields that vaultbind looks at. What is not named here
 * may be anything; what is named and has another type makes the whole answer odd (answers/odd.ts).
 */

const text = z.string();
const texts = z.array(z.string());
const flag = z.boolean();
/** Fields of lists that Go leaves nil. */
const maybeTexts = texts.nullish();
/** What goes into a header: a line end in it would be a second header. */
const token = z.string().regex(/^[\x21-\x7e]*$/, 'a token of other characters than tokens have');

const data = <T extends z.ZodType>(schema: T) => z.looseObject({ data: schema });
/** Where `data` may hold anything: then by the number of the request, which every answer of Vault has. */
const numbered = <T extends z.ZodType>(schema: T) => z.looseObject({ request_id: text, data: schema });
const anything = z.looseObject({});

const mount = z.looseObject({
  type: text,
  accessor: text,
  description: text.nullish(),
  config: z.looseObject({ default_lease_ttl: z.number().nullish() }).nullish(),
  options: z.record(z.string(), z.unknown()).nullish(),
});
const engine = mount.partial({ accessor: true });
const authMethods = z
  .record(z.string(), mount)
  .refine((all) => 'token/' in all, 'without token/, which every Vault has');

const auth = z
  .looseObject({
    client_token: token,
    accessor: text,
    policies: maybeTexts,
    lease_duration: z.number(),
    token_type: text.optional(),
    num_uses: z.number().optional(),
    mfa_requirement: anything.nullish(),
  })
  .refine((one) => one.client_token !== '' || Boolean(one.mfa_requirement), 'without a token');

const role = z.looseObject({
  bound_service_account_names: maybeTexts,
  bound_service_account_namespaces: maybeTexts,
  bound_service_account_namespace_selector: text.nullish(),
  audience: text.nullish(),
  alias_name_source: text.nullish(),
  token_policies: maybeTexts,
  policies: maybeTexts,
  token_bound_cidrs: maybeTexts,
  token_type: text.nullish(),
  token_ttl: z.number().nullish(),
  token_max_ttl: z.number().nullish(),
  token_explicit_max_ttl: z.number().nullish(),
  token_period: z.number().nullish(),
  token_num_uses: z.number().nullish(),
  token_no_default_policy: flag.nullish(),
});

/** Of an auth method of any type: who looks for the cause meets others than kubernetes. */
const config = z.looseObject({
  kubernetes_host: text.nullish(),
  kubernetes_ca_cert: text.nullish(),
  token_reviewer_jwt_set: flag.nullish(),
  disable_local_ca_jwt: flag.nullish(),
  disable_iss_validation: flag.nullish(),
  use_annotations_as_alias_metadata: flag.nullish(),
  issuer: text.nullish(),
  pem_keys: maybeTexts,
});

const nonEmpty = (fields: object) => Object.keys(fields).length > 0;
const keys = data(z.looseObject({ keys: texts }));

export const healthAnswer = z.looseObject({
  initialized: flag,
  sealed: flag,
  standby: flag.optional(),
  version: text.optional(),
  enterprise: flag.optional(),
  cluster_id: text.optional(),
  server_time_utc: z.number().optional(),
});

/** Answers of GET. */
export const readAnswers: Partial<Record<PathName, z.ZodType>> = {
  health: healthAnswer,
  sealStatus: z.looseObject({ sealed: flag, storage_type: text.optional() }),
  authMethods: data(authMethods),
  authMethod: data(mount),
  secretsEngines: data(z.record(z.string(), mount)),
  secretsEngine: data(mount),
  visibleMounts: data(z.looseObject({ auth: z.record(z.string(), engine), secret: z.record(z.string(), engine) })),
  visibleMount: data(engine),
  policy: data(z.looseObject({ policy: text })),
  config: numbered(config.refine(nonEmpty, 'without a field')),
  role: numbered(role.refine(nonEmpty, 'without a field')),
  lookupSelf: data(
    z.looseObject({
      policies: texts,
      identity_policies: maybeTexts,
      expire_time: text.nullish(),
      type: text.optional(),
    }),
  ),
};

/** Answers of a list, of whatever. */
export const listAnswer = keys;

/** Answers of GET at a path that is not ours: a secret, of which the status tells, and that it is one. */
export const foreignAnswer = numbered(anything);

/** Answers of POST that have to hold something; all others may be empty. */
export const writeAnswers: Partial<Record<PathName, z.ZodType>> = {
  login: z.looseObject({ auth }),
  loginAs: z.looseObject({ auth }),
  createToken: z.looseObject({ auth }),
  capabilitiesSelf: data(anything),
  capabilitiesAccessor: data(anything),
  lookupWrapping: data(z.looseObject({ creation_path: text })),
  unwrap: z.looseObject({ auth: auth.nullish(), data: anything.nullish() }),
};

/** They are on every Vault: that they are missing is no answer. */
export const alwaysThere: readonly PathName[] = [
  ...(['health', 'sealStatus', 'authMethods', 'secretsEngines', 'visibleMounts', 'policies', 'lookupSelf'] as const),
  ...(['capabilitiesSelf', 'revokeSelf'] as const),
];
