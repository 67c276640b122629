import type { Target } from '../../src/contracts/target.ts';
import { connectAccess } from '../../src/engine/connect.ts';
import type { Access, AccessPhase } from '../../src/model/rights.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';
import { steps } from '../../src/steps/index.ts';
import { readCa } from '../../src/trust/read-ca.ts';
import { apiHost } from '../trust/host.ts';
import { servers } from './servers.ts';

/** What the steps say a person must be allowed to do. */
export function accessOf(recipe: Recipe, product: VaultProduct, phases: AccessPhase[]): Access[] {
  const { server, ca, version } = servers().kubernetes;
  const { address } = servers().vaults[product];
  const target: Target = {
    recipe,
    vault: { address, namespace: '', product: product === 'openbao' ? 'openbao' : 'vault', version: '' },
    cluster: {
      server: apiHost(server),
      host: recipe.cluster.host ?? apiHost(server),
      ca: readCa(ca),
      source: { host: 'kubeconfig', ca: 'kubeconfig' },
      vouched: true,
      version,
    },
  };
  return [...connectAccess(target), ...steps.flatMap((step) => step.access(target))].filter(({ phase }) =>
    phases.includes(phase),
  );
}
