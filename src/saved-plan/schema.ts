import { z } from 'zod';
import { planFormat } from '../recipe/source/saved-sources.ts';

/** Says what a file is, before anything else in it is believed. */
export const format = planFormat;
export const schemaVersion = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const recipe = z.strictObject({
  name: z.string(),
  sha256: sha256.describe('of the three parts below'),
  files: z
    .array(z.strictObject({ file: z.string(), text: z.string() }))
    .min(1)
    .describe('as named by -f, in order'),
  folders: z.array(z.string()).optional().describe('those named by -f that are folders, whose recipes are in files'),
  beside: z
    .array(z.strictObject({ recipe: z.string(), named: z.string(), text: z.string() }))
    .describe('files that recipes name: policies and the CA'),
  environment: z.record(z.string(), z.string().nullable()).describe('variables that ${env:…} used; null: not set'),
});

const vault = z.strictObject({
  address: z.string().describe('compared with the address given to apply; never chosen by a plan'),
  namespace: z.string().describe("Vault namespace, '' for the root"),
  product: z.enum(['openbao', 'vault']),
  version: z.string(),
  cluster_id: z.string().describe('of sys/health'),
});

const cluster = z.strictObject({
  server: z.string().describe("the kubeconfig's server when the plan was made"),
  version: z.string(),
  kube_system_uid: z.string().describe('uid of namespace kube-system, which no other cluster has'),
});

const object = z.strictObject({
  step: z.string(),
  system: z.enum(['vault', 'kubernetes']),
  address: z.string(),
  chosen: z.boolean().describe('false: only looked at, because a chosen step stands on it'),
  decision: z.enum(['none', 'create', 'update', 'later']).describe('later: to be looked at when it is made'),
  fields: z.array(z.string()).describe('the fields that would change'),
  desired: z.record(z.string(), z.unknown()).describe('the fields that the recipe decides'),
  observed: z
    .record(z.string(), sha256)
    .nullable()
    .describe('each field as it was found, hashed; null: it did not exist, or is not kept because nothing is written'),
});

export const savedPlanSchema = z.strictObject({
  format: z.literal(format),
  schema_version: z.literal(schemaVersion),
  vaultbind: z.string().describe('the version that made it'),
  made: z.iso.datetime(),
  vault,
  cluster,
  recipe,
  steps: z.array(z.string()).min(1).describe('the chosen steps: what --only and --skip left'),
  objects: z.array(object).min(1),
  sha256: sha256.describe('of all the rest: shows damage and edits by hand. It is no signature'),
});

/** A plan as it is kept in a file. Never holds a secret. */
export type SavedPlan = z.infer<typeof savedPlanSchema>;
export type SavedObject = SavedPlan['objects'][number];

export function savedPlanJsonSchema(): object {
  return { ...z.toJSONSchema(savedPlanSchema), title: 'vaultbind plan' };
}
