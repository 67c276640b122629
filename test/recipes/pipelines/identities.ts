import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { issuerKey } from '../../servers/issuer.ts';
import { operatorFor } from '../../servers/operator.ts';
import { servers, uniqueName } from '../../servers/servers.ts';
import type { Workbench } from '../../servers/workbench.ts';
import type { KnownJob } from './pipeline.ts';

/** What the headers of both files ask for: an auth method of type jwt with three roles, and three kubeconfigs. */
export interface Identities {
  /** Path of the auth method. */
  mount: string;
  /** Text of a kubeconfig for each job. */
  kubeconfigs: Record<KnownJob, string>;
  /** Tokens that logins of these identities left behind. */
  tokens(): Promise<number>;
  remove(): Promise<void>;
}

/** Each with exactly the rights that `vaultbind permissions` prints. */
export async function identitiesFor(bench: Workbench, bound: (job: KnownJob) => object): Promise<Identities> {
  const mount = uniqueName('jwt');
  await must(bench, `sys/auth/${mount}`, { type: 'jwt' });
  await must(bench, `auth/${mount}/config`, { jwt_validation_pubkeys: [issuerKey] });
  const operators = {
    plan: await operatorFor(bench, 'plan', '--saved-plan'),
    apply: await operatorFor(bench, 'apply', '--saved-plan'),
    verify: await operatorFor(bench, 'verify'),
  };
  const kubeconfigs = { plan: '', apply: '', verify: '' };
  for (const job of ['plan', 'apply', 'verify'] as const) {
    const { policy, env } = operators[job];
    kubeconfigs[job] = withContext(readFileSync(env['KUBECONFIG'] ?? '', 'utf8'), `of-${job}`);
    await must(bench, `auth/${mount}/role/vaultbind-${job}`, {
      ...{ role_type: 'jwt', bound_audiences: [servers().vaults[bench.product].address], user_claim: 'sub' },
      ...{ token_policies: [policy], token_ttl: '5m' },
      ...bound(job),
    });
  }
  return {
    mount,
    kubeconfigs,
    tokens: () => tokensAt(bench, `auth/${mount}/login`),
    remove: async () => {
      await bench.vault('DELETE', `sys/auth/${mount}`);
      for (const one of Object.values(operators)) await one.remove();
    },
  };
}

/** Nobody has to name the contexts of all kubeconfigs alike. */
function withContext(kubeconfig: string, name: string): string {
  const { contexts, ...rest } = parse(kubeconfig);
  return stringify({ ...rest, 'current-context': name, contexts: [{ ...contexts[0], name }] });
}

async function tokensAt(bench: Workbench, path: string): Promise<number> {
  const { body } = await bench.vault('LIST', 'auth/token/accessors');
  const looked = await Promise.all(
    body.data.keys.map((accessor: string) => bench.vault('POST', 'auth/token/lookup-accessor', { accessor })),
  );
  return looked.filter((one) => one.body?.data?.path === path).length;
}

async function must(bench: Workbench, path: string, body: object): Promise<void> {
  const answer = await bench.vault('POST', path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
}
