import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority } from '../../../src/sandbox/servers/certificates.ts';
import { servers } from '../../servers/servers.ts';
import { ownVault } from '../../vault/own-vault.ts';
import { certain, type Fault } from '../fault.ts';

/** Before anything of the auth method counts. */
export const vaultFaults: Fault[] = [
  {
    id: 'vault-sealed',
    cases: ['C001'],
    break: async ({ product }) => {
      const own = await ownVault({ product });
      await own.seal();
      return { env: own.environment(), elsewhere: true, after: own.stop };
    },
    expected: certain('vault-sealed', /^http:/),
  },
  {
    id: 'vault-uninitialized',
    cases: ['C001'],
    break: async ({ product }) => {
      const own = await ownVault({ product, state: 'uninitialized' });
      return { env: { VAULT_ADDR: own.address }, elsewhere: true, after: own.stop };
    },
    expected: certain('vault-uninitialized', /^http:/),
  },
  {
    id: 'vault-address-dead',
    cases: ['C006'],
    break: async (_, { deadPort }) => ({ env: { VAULT_ADDR: `http://127.0.0.1:${deadPort}` } }),
    expected: certain('vault-unreachable'),
  },
  {
    id: 'vault-address-name-unknown',
    cases: ['C006'],
    break: async () => ({ env: { VAULT_ADDR: 'https://vault.invalid:8200' } }),
    expected: certain('vault-unreachable'),
  },
  {
    id: 'vault-ca-not-given',
    cases: ['C007', 'C178'],
    break: async ({ product }) => {
      const own = await ownVault({ product, tls: true });
      const { VAULT_CACERT: _, ...env } = own.environment();
      return { env, elsewhere: true, after: own.stop };
    },
    expected: certain('vault-tls-untrusted'),
  },
  {
    id: 'vault-ca-of-another',
    cases: ['C007', 'C148'],
    break: async ({ product, folder }) => {
      const own = await ownVault({ product, tls: true });
      const file = join(folder, 'other-ca.pem');
      writeFileSync(file, (await createAuthority('other')).certificate);
      return { env: { ...own.environment(), VAULT_CACERT: file }, elsewhere: true, after: own.stop };
    },
    expected: certain('vault-tls-untrusted'),
  },
  {
    id: 'vault-http-to-https',
    cases: ['C005'],
    break: async ({ product }) => {
      const own = await ownVault({ product, tls: true });
      const env = { ...own.environment(), VAULT_ADDR: own.address.replace('https:', 'http:') };
      return { env, elsewhere: true, after: own.stop };
    },
    expected: certain('vault-scheme-mismatch'),
  },
  {
    id: 'vault-https-to-http',
    cases: ['C005'],
    break: async ({ product }) => ({
      env: { VAULT_ADDR: servers().vaults[product].address.replace('http:', 'https:') },
    }),
    expected: certain('vault-scheme-mismatch'),
  },
  {
    id: 'vault-namespace-of-nobody',
    cases: ['C012', 'C016', 'C159', 'C179'],
    break: async () => ({ env: { VAULT_NAMESPACE: 'nowhere' } }),
    only: 'openbao',
    expected: certain('vault-namespace-missing', /nowhere$/),
  },
  {
    id: 'vault-namespace-where-there-are-none',
    cases: ['C012'],
    break: async () => ({ env: { VAULT_NAMESPACE: 'nowhere' } }),
    only: 'hashicorp',
    expected: certain('vault-namespaces-unsupported'),
  },
  {
    id: 'vault-address-of-a-web-page',
    cases: ['C006'],
    break: async ({ folder }, { page, authority }) => {
      const file = join(folder, 'page-ca.pem');
      writeFileSync(file, authority.certificate);
      return { env: { VAULT_ADDR: page.url, VAULT_CACERT: file } };
    },
    expected: certain('vault-not-vault'),
  },
  {
    id: 'operator-token-dead',
    cases: ['C085', 'C129'],
    break: async () => ({ env: { VAULT_TOKEN: 'hvs.CAESIJf0000000000000000000000000000000000000000000000' } }),
    expected: certain('operator-token-invalid'),
  },
];
