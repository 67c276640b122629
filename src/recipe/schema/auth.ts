import { z } from 'zod';
import { withoutTrailingSlashes } from '../../model/trailing.ts';
import { reviewerPart } from '../reviewers/index.ts';
import { textOfForm } from './values.ts';

const mountPath = /^(?!auth\/|token$|token\/)[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

export const vaultPart = z
  .strictObject({
    address: z
      .string()
      .describe('Asserts which Vault this is for: must equal VAULT_ADDR or --vault-addr. Chooses nothing.')
      .optional(),
    namespace: textOfForm(/^[^\s/]+(?:\/[^\s/]+)*\/?$/, 'the path of a Vault namespace', (value) =>
      value.replace(/^\/+/, ''),
    )
      .describe(
        'Asserts which Vault namespace (not a Kubernetes one) this is for: must equal VAULT_NAMESPACE or --vault-namespace. Chooses nothing.',
      )
      .optional(),
  })
  .describe('The Vault or OpenBao server.');

export const clusterPart = z
  .strictObject({
    context: z
      .string()
      .min(1, 'is empty')
      .describe(
        'Asserts which kubeconfig context this is for: must equal --context, or the current one. Chooses nothing.',
      )
      .optional(),
    host: z
      .string()
      .describe("The Kubernetes API as Vault reaches it, an https URL. Default: the kubeconfig's server.")
      .optional(),
    ca: z
      .string()
      .min(1, 'is empty')
      .describe(
        "File with the cluster's CA in PEM, beside the recipe. Default: the kubeconfig's CA, else ConfigMap kube-root-ca.crt.",
      )
      .optional(),
  })
  .describe('The Kubernetes cluster.');

const configPart = z
  .strictObject({
    issuer: z
      .string()
      .min(1, 'is empty')
      .describe('Expected issuer; only checked with disable_iss_validation: false.')
      .optional(),
    disable_iss_validation: z.boolean().describe('Default: true.').optional(),
    pem_keys: z.array(z.string()).describe('Public keys in PEM that sign ServiceAccount tokens.').optional(),
    use_annotations_as_alias_metadata: z
      .boolean()
      .describe('HashiCorp Vault only: annotations of the account become alias metadata. Default: false.')
      .optional(),
  })
  .describe("Further fields of auth/<path>/config, in Vault's words.");

export const authPart = z
  .strictObject({
    path: textOfForm(mountPath, 'a mount path', guessMount).describe(
      'Mount path of the auth method, without auth/, e.g. kube-policy.',
    ),
    manage: z
      .enum(['full', 'create', 'none'])
      .describe(
        "full: mount and config are this recipe's (default). create: made when missing, then left alone. none: another team's mount, only looked at.",
      )
      .optional(),
    description: z.string().describe('Description of the mount. Absent: left as it is.').optional(),
    reviewer: reviewerPart.optional(),
    config: configPart.optional(),
  })
  .describe('The kubernetes auth method.');

function guessMount(value: string): string | undefined {
  const guess = withoutTrailingSlashes(value.trim().replace(/^\/*(?:v1\/)?(?:sys\/)?(?:auth\/)?/, ''));
  return guess !== value && mountPath.test(guess) ? guess : undefined;
}
