import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { steps } from '../../src/steps/index.ts';
import { object, planOf, saved } from '../saved-plan/scene.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import { type Faults, startFaults } from '../servers/faults.ts';
import { ceiling, recipe } from './scene.ts';

let folder: string;
/** Vault and Kubernetes in one; nothing may arrive here. */
let server: Faults;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
  server = await startFaults();
  const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
  put('good.yaml', recipe());
  put('wide.yaml', recipe({ policies: '[{name: shop-app, rules: [{path: "*", capabilities: [sudo]}]}]' }));
  put('ceiling.yaml', ceiling);
  put('other.yaml', ceiling.replace('kube-shop', 'kube-other'));
  put('empty.yaml', '');
  put('broken.yaml', 'version: 1\nauht: {}\n');
  put('plan.json', JSON.stringify(ofOneStep()));
  put(
    'kubeconfig',
    JSON.stringify({
      'current-context': 'here',
      clusters: [{ name: 'c', cluster: { server: server.url } }],
      users: [{ name: 'u', user: { token: 'abcdefgh' } }],
      contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
    }),
  );
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A plan that vaultbind could have saved, of the first step alone. */
function ofOneStep() {
  const [step] = steps;
  if (!step) throw new Error('there are no steps');
  const made = { ...object('sys/auth/kube', { action: 'create', fields: [] }), step };
  return saved({ chosen: new Set([step.name]), planned: planOf([made]) });
}

async function codesOf(args: string[], env: Record<string, string> = {}) {
  const { url } = server;
  const own = { HOME: folder, VAULT_ADDR: url, VAULT_TOKEN: 'token-abcdefgh', KUBECONFIG: join(folder, 'kubeconfig') };
  const result = await runCli([...args, '-o', 'json'], { env: { ...own, ...env }, cwd: folder });
  return { exit: result.exit, codes: [...new Set(reportOf(result).findings.map(({ code }) => code))] };
}

const refused = { exit: 3, codes: ['ceiling-exceeded'] };
const commands = [
  ['validate'],
  ['plan'],
  ['plan', '--out', 'new.json'],
  ['apply', '--yes'],
  ['step', 'enable-auth', '--yes'],
  ['step', 'login'],
  ['verify'],
  ['doctor'],
  ['doctor', '--fix', '--yes'],
];

describe.each(commands)('%s %s %s', (...command) => {
  const args = command.filter((word) => word !== undefined);
  it('refuses a recipe beyond the ceiling before it contacts anything', async () => {
    const before = server.accepted();
    expect(await codesOf([...args, '-f', 'wide.yaml', '--ceiling', 'ceiling.yaml'])).toEqual(refused);
    expect(await codesOf([...args, '-f', 'wide.yaml'], { VAULTBIND_CEILING: 'ceiling.yaml' })).toEqual(refused);
    expect(server.accepted()).toBe(before);
  });
});

describe('a ceiling', () => {
  it('lets a recipe within it pass', async () => {
    expect(await codesOf(['validate', '-f', 'good.yaml', '--ceiling', 'ceiling.yaml'])).toMatchObject({ exit: 0 });
  });

  it('is not lifted by a flag that names another', async () => {
    const args = ['validate', '-f', 'good.yaml', '--ceiling', 'ceiling.yaml'];
    expect(await codesOf(args, { VAULTBIND_CEILING: 'other.yaml' })).toEqual(refused);
    expect(await codesOf(args, { VAULTBIND_CEILING: '' })).toMatchObject({ exit: 0 });
  });

  it.each([
    ['broken.yaml', 'ceiling-invalid'],
    ['empty.yaml', 'ceiling-invalid'],
    ['nowhere.yaml', 'ceiling-unreadable'],
    ['', 'ceiling-unreadable'],
  ])('that cannot be used allows nothing: %s', async (file, code) => {
    const before = server.accepted();
    const args = ['apply', '-f', 'good.yaml', '--yes', '--ceiling', file];
    expect(await codesOf(args)).toEqual({ exit: 3, codes: [code] });
    expect(server.accepted()).toBe(before);
  });

  it('holds for the recipe inside a saved plan', async () => {
    const before = server.accepted();
    expect(await codesOf(['apply', 'plan.json', '--yes', '--ceiling', 'ceiling.yaml'])).toEqual(refused);
    expect(server.accepted()).toBe(before);
  });
});
