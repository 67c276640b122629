import { z } from 'zod';

/**
 * A kubeconfig file in kubectl's own words (client.config.k8s.io/v1). Unknown fields are ignored, as kubectl does, and
 * so are lists written as `null`. client-node's Cluster and User lack tokenFile, as-groups and the exec fields.
 */

const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

/** Base64 as Go decodes it: line breaks are allowed, missing padding is not. */
const base64 = z
  .string()
  .nullish()
  .transform((value) => value?.replace(/[\r\n]/g, '') || undefined)
  .refine(
    (value) => value === undefined || /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value),
    {
      message: 'is not base64',
    },
  )
  .transform((value) => (value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8')));

/** A name may be left out: of an entry that nobody uses, client-go reads the rest. */
const name = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const extensions = z.array(z.object({ name, extension: z.unknown() })).nullish();

const cluster = z.object({
  server: text,
  'tls-server-name': text,
  'insecure-skip-tls-verify': flag,
  'certificate-authority': text,
  'certificate-authority-data': base64,
  'proxy-url': text,
  'disable-compression': flag,
  extensions,
});

const exec = z.object({
  command: text,
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name, value: name })).nullish(),
  apiVersion: text,
  installHint: text,
  provideClusterInfo: flag,
  interactiveMode: text,
});

const user = z.object({
  'client-certificate': text,
  'client-certificate-data': base64,
  'client-key': text,
  'client-key-data': base64,
  token: text,
  tokenFile: text,
  as: text,
  'as-uid': text,
  'as-groups': z.array(z.string()).nullish(),
  'as-user-extra': z.record(z.string(), z.array(z.string())).nullish(),
  username: text,
  password: text,
  'auth-provider': z.object({ name: z.string() }).nullish(),
  exec: exec.nullish(),
});

const context = z.object({ cluster: text, user: text, namespace: text });

const kind = z.enum(['Config', '']).nullish();
const version = z.enum(['v1', '']).nullish();

export const kubeconfigSchema = z.object({
  kind,
  apiVersion: version,
  clusters: z.array(z.object({ name, cluster: cluster.nullish() })).nullish(),
  users: z.array(z.object({ name, user: user.nullish() })).nullish(),
  contexts: z.array(z.object({ name, context: context.nullish() })).nullish(),
  'current-context': text,
});

export type KubeconfigFile = z.infer<typeof kubeconfigSchema>;
export type ClusterFields = z.infer<typeof cluster>;
export type UserFields = z.infer<typeof user>;
export type ContextFields = z.infer<typeof context>;
export type ExecFields = z.infer<typeof exec>;

/** What an entry with a name and nothing else means. */
export const emptyCluster: ClusterFields = cluster.parse({});
export const emptyUser: UserFields = user.parse({});
export const emptyContext: ContextFields = context.parse({});
