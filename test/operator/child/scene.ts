import type { Workbench } from '../../servers/workbench.ts';

/** What of children is in Vault. */
interface Children {
  /** Accessors. */
  tokens: string[];
  policies: string[];
}

export async function childrenIn(bench: Workbench): Promise<Children> {
  const { body: accessors } = await bench.vault('LIST', 'auth/token/accessors');
  const looked = await Promise.all(
    accessors.data.keys.map((accessor: string) => bench.vault('POST', 'auth/token/lookup-accessor', { accessor })),
  );
  const { body: policies } = await bench.vault('LIST', 'sys/policies/acl');
  return {
    tokens: looked.flatMap(({ body }) =>
      body?.data?.display_name === 'token-vaultbind-child' ? body.data.accessor : [],
    ),
    policies: policies.data.keys.filter((name: string) => name.startsWith('vaultbind-child-')),
  };
}

export const none: Children = { tokens: [], policies: [] };

export async function removeChildren(bench: Workbench, { tokens, policies }: Children): Promise<void> {
  for (const accessor of tokens) await bench.vault('POST', 'auth/token/revoke-accessor', { accessor });
  for (const name of policies) await bench.vault('DELETE', `sys/policies/acl/${name}`);
}

/** A token with these policies. */
export async function tokenWith(bench: Workbench, policies: string[], more: object = {}): Promise<string> {
  const { body } = await bench.vault('POST', 'auth/token/create', { policies, ttl: '10m', ...more });
  return body.auth.client_token;
}
