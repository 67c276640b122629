import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { reportOf } from '../servers/cli.ts';
import { kubernetes } from '../servers/raw.ts';
import { products } from '../servers/servers.ts';
import { notable, type Workbench, workbench } from '../servers/workbench.ts';

let bench: Workbench;
afterEach(() => bench?.remove());

const answersOf = ({ namespace, mount, role, policy, secret }: Workbench) => [
  ...['--mount', mount, '--reviewer', `${namespace}/vault-reviewer`],
  ...['--service-account', `${namespace}/my-sa`, '--role', role, '--policy', policy],
  ...['--secret', `secret/data/${secret}`, '--refused', `${namespace}/stranger`],
];

/** The API server takes it whole, and a token as it asks for, of the account it names, logs in as it says. */
async function proveManifest(stderr: string) {
  const [, text = ''] = /In your Pod.*:\n\n([\s\S]*?)\n\nto do it again/.exec(stderr) ?? [];
  const pod = parse(text);
  const { namespace } = pod.metadata;
  const dryRun = 'dryRun=All&fieldValidation=Strict';
  const made = await kubernetes('POST', `/api/v1/namespaces/${namespace}/pods?${dryRun}`, pod);
  expect([made.status, made.text]).toEqual([201, expect.stringContaining('vault-token')]);
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/${pod.spec.serviceAccountName}/token`;
  const { audience } = pod.spec.volumes[0].projected.sources[0].serviceAccountToken;
  const { body } = await kubernetes('POST', account, { spec: { audiences: [audience], expirationSeconds: 600 } });
  const env = new Map<string, string>(
    pod.spec.containers[0].env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );
  const login = { role: env.get('VAULT_ROLE'), jwt: body.status.token };
  expect((await bench.vault('POST', `${env.get('VAULT_AUTH_PATH')}/login`, login)).status).toBe(200);
  expect([env.get('VAULT_ADDR'), env.get('VAULT_JWT_FILE')]).toEqual([
    bench.env['VAULT_ADDR'],
    `${pod.spec.containers[0].volumeMounts[0].mountPath}/token`,
  ]);
}

describe.each(products)('init --yes on %s', (product) => {
  beforeEach(async () => {
    bench = await workbench(product);
  });

  it('writes a recipe, applies it, proves it, and the second plan is empty', async () => {
    const result = await bench.cli('init', '--yes', '-f', 'app.yaml', '-o', 'json', ...answersOf(bench));
    const report = reportOf(result);
    expect(notable(report).filter((line) => /failed|blocked|warning/.test(line))).toEqual([]);
    expect(result.exit).toBe(0);
    expect(report.chain.map(({ links }) => links.every(({ status }) => status === 'ok'))).toEqual([true]);
    const text = readFileSync(join(bench.folder, 'app.yaml'), 'utf8');
    expect(text).toMatch(/^# vaultbind plan -f app\.yaml/);
    await proveManifest(result.stderr);
    const again = await bench.cli('plan', '--detailed-exitcode', '-f', 'app.yaml');
    expect([again.exit, again.stderr]).toEqual([0, '']);
  });

  it('says all that is wrong at once, and leaves no file', async () => {
    const wrong = [
      '--reviewer',
      'no-such-namespace/x',
      '--mount',
      'auth/x',
      '--token-ttl',
      'long',
      '--secret',
      `secret/${bench.secret}`,
    ];
    const { exit, stderr } = await bench.cli('init', '--yes', '--service-account', 'nobody', ...wrong);
    expect(exit).toBe(3);
    for (const flag of ['--reviewer', '--mount', '--token-ttl', '--secret', '--service-account'])
      expect(stderr).toContain(`error usage  ${flag} `);
    expect(stderr).toContain(`write secret/data/${bench.secret}`);
    expect(readdirSync(bench.folder)).toEqual([]);
  });
});

describe('init without a terminal', () => {
  beforeEach(async () => {
    bench = await workbench('openbao');
  });

  it('asks nobody: exit 3', async () => {
    const { exit, stderr } = await bench.cli('init');
    expect([exit, stderr]).toEqual([3, expect.stringContaining('confirmation-needed')]);
  });

  it('names all that is missing at once, connections too', async () => {
    delete bench.env['VAULT_ADDR'];
    bench.env['KUBECONFIG'] = join(bench.folder, 'none');
    const { exit, stderr } = await bench.cli('init', '--yes');
    expect(exit).toBe(3);
    for (const part of ['address-missing', 'kubernetes-context-missing', '--service-account', '--secret'])
      expect(stderr).toContain(part);
  });

  it('overwrites nothing', async () => {
    await bench.cli('init', '--yes', '--write-only', '-f', 'app.yaml', ...answersOf(bench));
    const before = readFileSync(join(bench.folder, 'app.yaml'), 'utf8');
    const name = /^name: (.*)$/m.exec(before)?.[1];
    bench.write('mine', `${name}.yaml`);
    const { exit, stderr } = await bench.cli('init', '--yes', '--write-only', ...answersOf(bench));
    expect([exit, stderr]).toEqual([3, expect.stringContaining('exists already')]);
    expect(readdirSync(bench.folder).toSorted()).toEqual(['app.yaml', `${name}.yaml`].toSorted());
    expect(readFileSync(join(bench.folder, `${name}.yaml`), 'utf8')).toBe('mine');
  });

  it('makes the folder of the recipe', async () => {
    const file = 'new/folder/app.yaml';
    const made = await bench.cli('init', '--yes', '--write-only', '-f', file, ...answersOf(bench));
    expect([made.exit, made.stderr]).toEqual([0, expect.stringContaining(`written: ${file}`)]);
    expect((await bench.cli('validate', '-f', file)).exit).toBe(0);
    const { exit, stderr } = await bench.cli('init', '--yes', '-f', `${file}/app.yaml`, ...answersOf(bench));
    expect([exit, stderr]).toEqual([3, expect.stringContaining('error recipe-unwritable')]);
  });

  it('does not write a mistake into a recipe that had none', async () => {
    bench.write(bench.recipe());
    const before = readFileSync(join(bench.folder, 'recipe.yaml'), 'utf8');
    const flags = ['--service-account', `${bench.namespace}/other`, '--secret', 'secret/data/q'];
    const { exit, stderr } = await bench.cli('init', '--yes', '--write-only', ...flags, '-f', 'recipe.yaml');
    expect([exit, stderr]).toEqual([3, expect.stringMatching(/error recipe-\w+ {2}.*expect\[/)]);
    expect(stderr).toContain('does not bind an account named my-sa');
    expect(readFileSync(join(bench.folder, 'recipe.yaml'), 'utf8')).toBe(before);
  });

  it('--write-only writes the reports that are asked for', async () => {
    const args = ['--yes', '--write-only', '-f', 'app.yaml', '--report', 'junit=i.xml', ...answersOf(bench)];
    const { findings, recipe } = await bench.report('init', ...args);
    expect(findings.map(({ code, status, subject }) => [code, status, subject])).toEqual([
      ['recipe-written', 'updated', 'app.yaml'],
    ]);
    expect(recipe?.files).toEqual(['app.yaml']);
    expect(readFileSync(join(bench.folder, 'i.xml'), 'utf8')).toContain('app.yaml');
    const again = await bench.report('init', '--yes', '--write-only', '-f', 'app.yaml');
    expect(again.findings.map(({ status }) => status)).toEqual(['ok']);
  });

  it('goes on with a recipe: what is missing by default or flag, comments kept, the rest as it was', async () => {
    const { auth, ...rest } = bench.recipe();
    bench.write(`# mine\n${JSON.stringify({ ...rest, auth: { path: auth['path'] } })}\n# the end\n`);
    const flags = ['--reviewer', `${bench.namespace}/vault-reviewer`, '--write-only'];
    const { exit, stderr } = await bench.cli('init', '--yes', '-f', 'recipe.yaml', ...flags);
    expect([exit, stderr]).toEqual([0, expect.stringContaining('written: recipe.yaml')]);
    const text = readFileSync(join(bench.folder, 'recipe.yaml'), 'utf8');
    expect(text).toMatch(/^# mine\n[\s\S]*# the end\n$/);
    expect((await bench.cli('validate', '-f', 'recipe.yaml')).exit).toBe(0);
    const again = await bench.cli('init', '--yes', '-f', 'recipe.yaml', '--write-only');
    expect(again.stderr).toContain('needs no change');
  });
});
