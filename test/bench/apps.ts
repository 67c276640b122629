import { stringify } from 'yaml';

/** So many applications on a mount and in a namespace of their own, under names that begin with `tag`. */
export interface Apps {
  tag: string;
  count: number;
}

/** One application: a policy, a role and a ServiceAccount of the same name, and its secret. */
export interface App {
  name: string;
  /** Path for the API, below /v1/. */
  secret: string;
}

export function appsOf({ tag, count }: Apps): App[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `${tag}-app-${index}`;
    return { name, secret: `secret/data/${tag}/app-${index}` };
  });
}

export function policyOf({ secret }: App): string {
  return `path "${secret}" {\n  capabilities = ["read"]\n}\n`;
}

/** The recipe of these applications, as text. */
export function recipeOf(apps: Apps): string {
  const { tag } = apps;
  const all = appsOf(apps);
  const account = ({ name }: App) => `${tag}/${name}`;
  return stringify({
    version: 1,
    name: 'bench',
    auth: { path: tag, reviewer: { mode: 'token_secret', service_account: `${tag}/reviewer`, binding: tag } },
    policies: all.map(({ name, secret }) => ({ name, rules: [{ path: secret, capabilities: ['read'] }] })),
    roles: all.map((app) => ({
      name: app.name,
      service_accounts: [account(app)],
      create_service_accounts: true,
      token_policies: [app.name],
      token_ttl: '1h',
      audience: 'vault',
    })),
    expect: all.map((app) => ({ role: app.name, service_account: account(app), can: [`read ${app.secret}`] })),
  });
}
