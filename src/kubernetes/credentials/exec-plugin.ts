import { parse } from 'yaml';
import { z } from 'zod';
import { Secret, scrub } from '../../secret.ts';
import type { Credential, CredentialSource } from './credentials.ts';
import { type ExecOptions, type ExecPlugin, failed, runPlugin } from './exec-run.ts';
import { keyPairProblem } from './key-pair.ts';

const credentialSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal('ExecCredential'),
  status: z.object({
    expirationTimestamp: z.coerce.date().nullish(),
    token: z.string().nullish(),
    clientCertificateData: z.string().nullish(),
    clientKeyData: z.string().nullish(),
  }),
});

/** Runs the plugin when credentials are needed, again when they end, and once more after a 401; never twice at once. */
export function execCredentials(plugin: ExecPlugin, options: ExecOptions): CredentialSource {
  let known: { credential: Credential; expires?: Date } | undefined;
  let running: Promise<Credential> | undefined;

  function run(): Promise<Credential> {
    running ??= ask(plugin, options)
      .then((answer) => {
        known = answer;
        return answer.credential;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  return {
    description: `credential plugin ${plugin.command}`,
    current: async () => (known && !(known.expires && known.expires <= new Date()) ? known.credential : run()),
    renew: async (rejected) => (known && known.credential !== rejected ? known.credential : run()),
  };
}

async function ask(plugin: ExecPlugin, options: ExecOptions): Promise<{ credential: Credential; expires?: Date }> {
  const { code, stdout, stderr } = await runPlugin(plugin, options);
  if (code !== 0) throw failed(plugin, `ended with exit code ${code}`, stderr);
  return understand(plugin, stdout, stderr);
}

function understand(plugin: ExecPlugin, stdout: string, stderr: string): { credential: Credential; expires?: Date } {
  const parsed = credentialSchema.safeParse(yamlOrNothing(stdout));
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => issue.path.join('.') || 'everything').join(', ');
    throw failed(plugin, `did not print an ExecCredential (wrong: ${where})`, stderr);
  }
  const { apiVersion, status } = parsed.data;
  if (apiVersion !== plugin.apiVersion) {
    throw failed(plugin, `answered in ${scrub(apiVersion)}, and the kubeconfig asks for ${plugin.apiVersion}`, stderr);
  }
  if (!status.token && !status.clientCertificateData)
    throw failed(plugin, 'returned neither token nor certificate', stderr);
  if (!status.clientCertificateData !== !status.clientKeyData) {
    throw failed(plugin, 'returned a certificate without its key or the reverse', stderr);
  }
  const credential: Credential = {
    token: status.token ? new Secret(status.token) : undefined,
    cert: status.clientCertificateData || undefined,
    key: status.clientKeyData ? new Secret(status.clientKeyData) : undefined,
  };
  const { cert, key } = credential;
  const problem = cert && key && keyPairProblem(cert, key);
  if (problem) throw failed(plugin, `returned ${problem.what}`, stderr);
  return { credential, expires: status.expirationTimestamp ?? undefined };
}

/** The parser's own error would quote the output, which holds the token. */
function yamlOrNothing(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' });
  } catch {
    return undefined;
  }
}
