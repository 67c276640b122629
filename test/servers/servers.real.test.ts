import { describe, expect, test } from 'vitest';
import { kubernetes, vault } from './raw.ts';
import { products, servers } from './servers.ts';

describe('the servers of all tests', () => {
  test('Kubernetes takes the admin certificate and has default accounts', async () => {
    const account = await kubernetes('GET', '/api/v1/namespaces/default/serviceaccounts/default');
    expect(account.body.metadata.name).toBe('default');
    const version = await kubernetes('GET', '/version');
    expect(version.body.gitVersion).toBe(servers().kubernetes.version);
  });

  test.each(products)('%s is unsealed, takes the root token and keeps KV version 2 at secret/', async (product) => {
    expect((await vault(product, 'GET', 'sys/health')).body).toMatchObject({ initialized: true, sealed: false });
    expect((await vault(product, 'POST', 'secret/data/a', { data: { b: 'c' } })).status).toBe(200);
    expect((await vault(product, 'GET', 'secret/data/a')).body.data.data).toEqual({ b: 'c' });
    expect((await vault(product, 'GET', 'secret/data/a', undefined, 'wrong')).status).toBe(403);
  });
});
