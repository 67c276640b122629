import { z } from 'zod';
import { codes } from '../codes.ts';

const code = z.enum(Object.keys(codes) as [string, ...string[]]).describe('a code of the codes table; never renamed');
const position = z.strictObject({ file: z.string(), line: z.int().min(1), column: z.int().min(1) });
const evidence = z.array(z.strictObject({ experiment: z.string(), said: z.string() }));
const fix = z.array(z.strictObject({ why: z.string(), command: z.string().optional() }));

const field = z.strictObject({
  field: z.string().describe("in the server's words"),
  before: z.unknown().optional().describe('absent: the object or the field does not exist yet'),
  after: z.unknown().optional(),
  sensitive: z.boolean().optional().describe('true: both sides describe a secret and are not values'),
  unknown: z.string().optional().describe('`after apply of <address>`: cannot be told before'),
});

const finding = z.strictObject({
  step: z.string().nullable(),
  code,
  cause: code.nullable(),
  subject: z.string().describe('address of the object'),
  status: z.enum(['ok', 'asked', 'created', 'updated', 'pending', 'warning', 'failed', 'skipped', 'blocked']),
  adopted: z.boolean().describe('true: the object existed before'),
  message: z.string(),
  evidence,
  fix,
  fields: z.array(field),
  at: position.nullable().describe('place in the recipe'),
  milliseconds: z.int().min(0),
});

const link = z.strictObject({
  link: z.string(),
  subject: z.string(),
  status: z.enum(['ok', 'asked', 'warning', 'failed', 'unknown']),
});
const count = z.int().min(0);

const report = z.strictObject({
  schema_version: z.literal(1),
  command: z.string(),
  ok: z.boolean(),
  recipe: z.strictObject({ name: z.string(), files: z.array(z.string()) }).nullable(),
  vault: z
    .strictObject({
      address: z.string(),
      namespace: z.string().describe("Vault namespace, '' for the root"),
      product: z.enum(['openbao', 'vault']).nullable(),
      version: z.string().nullable(),
      as: z.string().describe('whose token acts, in words; also that it may not look itself up'),
      policies: z.array(z.string()).describe('of the token; empty when it may not look itself up'),
    })
    .nullable()
    .describe('null: it speaks to none, or the run ended before'),
  cluster: z
    .strictObject({
      context: z.string().describe("of the kubeconfig; '' in a pod"),
      server: z.string(),
      user: z.string().describe("the kubeconfig's name of the user"),
      version: z.string().nullable(),
    })
    .nullable(),
  findings: z.array(finding),
  chain: z.array(z.strictObject({ role: z.string(), service_account: z.string(), links: z.array(link) })),
  causes: z.array(
    z.strictObject({
      cause: code,
      certainty: z.enum(['certain', 'likely', 'possible']),
      subject: z.string(),
      evidence,
      fix,
    }),
  ),
  summary: z.strictObject({
    ok: count,
    asked: count.describe('asked of a server and not tried, so not proved'),
    changed: count.describe('created and updated'),
    created: count,
    updated: count,
    pending: count.describe('to_create and to_change'),
    to_create: count,
    to_change: count,
    warnings: count,
    failed: count,
    blocked: count,
    skipped: count,
  }),
  milliseconds: count.describe('of the whole run; 0: not measured'),
});

/** The JSON Schema of what `-o json` prints, for every command and exit code. */
export function reportJsonSchema(): object {
  return { ...z.toJSONSchema(report), title: 'vaultbind report' };
}
