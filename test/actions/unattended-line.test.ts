import { describe, expect, it } from 'vitest';
import type { InitRequest } from '../../src/actions/init/request.ts';
import { howToRunAgain } from '../../src/actions/init/unattended-line.ts';

const plain: InitRequest = {
  ...{ vaultAddr: 'https://vault:8200', env: [], report: [], file: [], output: 'human' },
  ...{ verbose: 0, parallel: 16, childPolicy: [], answers: new Map() },
};
const again = (options: Partial<InitRequest>, namespace = '') =>
  howToRunAgain({ env: {} }, 'app.yaml', { ...plain, ...options }, namespace)
    .trimEnd()
    .split('\n')
    .at(-1)
    ?.trim();

describe('the line to do it again', () => {
  const line = 'VAULT_ADDR=https://vault:8200 vaultbind apply -f app.yaml --yes';
  it.each<[Partial<InitRequest>, string]>([
    [{}, ''],
    [{ kubeconfig: 'my config' }, " --kubeconfig 'my config'"],
    [{ env: ['PLACE', 'TEAM'] }, ' --env PLACE --env TEAM'],
    [{ ceiling: 'ceiling.yaml' }, ' --ceiling ceiling.yaml'],
    [{ context: 'here' }, ' --context here'],
    [{ clusterHost: 'https://api:6443' }, ' --cluster-host https://api:6443'],
  ])('with %j ends in "%s"', (options, words) => expect(again(options)).toBe(line + words));

  it('names the Vault namespace', () => expect(again({}, 'mine')).toContain(' VAULT_NAMESPACE=mine vaultbind '));
});
