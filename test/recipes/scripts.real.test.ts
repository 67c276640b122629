import { execFile } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findPrograms } from '../../src/sandbox/programs/find.ts';
import { silent } from '../../src/sandbox/progress.ts';
import { vaultPrograms } from '../../src/sandbox/servers/vault.ts';
import { bundleMain } from '../cli/program.ts';
import { products, uniqueName } from '../servers/servers.ts';
import { type Workbench, workbench } from '../servers/workbench.ts';

const pipeline = parse(readFileSync(join(import.meta.dirname, '../../recipes/ci/gitlab-ci.yml'), 'utf8'), {
  merge: true,
});
const audience: string = pipeline['.vault'].id_tokens.VAULT_ID_TOKEN.aud;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** An id token as GitLab signs them. */
function idToken(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const body = { iss: 'https://gitlab.example.com', aud: audience, sub: 'project_path:a/b', iat: now, exp: now + 300 };
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ ...body, ...claims })}`;
  return `${text}.${createSign('sha256').update(text).sign(privateKey, 'base64url')}`;
}

let program: Awaited<ReturnType<typeof bundleMain>>;
beforeAll(async () => {
  program = await bundleMain();
});
afterAll(() => program.remove());

/** The program by its name, in a folder for PATH. */
function addVaultbind(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'vaultbind'), `#!/bin/sh\nexec '${process.execPath}' '${program.file}' "$@"\n`);
  chmodSync(join(bin, 'vaultbind'), 0o755);
  return bin;
}

function pathOf(folder: string): string {
  return `${join(folder, 'bin')}:${process.env['PATH']}`;
}

/** As the runners of both do: one shell that stops at the first failure. */
function runScript(
  script: string,
  env: Record<string, string>,
  cwd: string,
): Promise<{ exit: number; output: string }> {
  return new Promise((done) => {
    execFile('bash', ['-eo', 'pipefail', '-c', script], { cwd, env }, (error, stdout, stderr) => {
      done({ exit: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

describe('the plan of recipes/ci/github-actions.yml', () => {
  const { jobs } = parse(readFileSync(join(import.meta.dirname, '../../recipes/ci/github-actions.yml'), 'utf8'));
  const script: string = jobs.plan.steps.find(({ id }: { id?: string }) => id === 'plan').run;
  let bench: Workbench;
  beforeAll(async () => {
    bench = await workbench('openbao');
    bench.write(bench.recipe());
    addVaultbind(bench.folder);
  });
  afterAll(() => bench.remove());

  async function runPlan(recipe: string): Promise<{ exit: number; output: string; changes: string }> {
    const files = {
      GITHUB_OUTPUT: join(bench.folder, 'output'),
      GITHUB_STEP_SUMMARY: join(bench.folder, 'summary.md'),
    };
    for (const file of Object.values(files)) writeFileSync(file, '');
    const env = { ...bench.env, ...files, PATH: pathOf(bench.folder), RECIPE: recipe, GITHUB_WORKSPACE: bench.folder };
    const ran = await runScript(script, env, bench.folder);
    return { ...ran, changes: readFileSync(files.GITHUB_OUTPUT, 'utf8') };
  }

  it('is no failure when something is to change, and says so to the next job', async () => {
    expect(await runPlan('recipe.yaml')).toMatchObject({ exit: 0, changes: 'changes=yes\n' });
    expect(readFileSync(join(bench.folder, 'summary.md'), 'utf8')).toContain('to change');
    expect(readFileSync(join(bench.folder, 'reports/comment.md'), 'utf8')).toContain('```diff');
  });

  it('says nothing to the next job when nothing is to change, and fails for a mistake', async () => {
    expect((await bench.cli('apply', '-f', 'recipe.yaml', '--yes')).exit).toBe(0);
    expect(await runPlan('recipe.yaml')).toMatchObject({ exit: 0, changes: '' });
    expect(await runPlan('missing.yaml')).toMatchObject({ exit: 3, changes: '' });
  });
});

describe.each(products)('the scripts of recipes/ci/gitlab-ci.yml, on %s', (product) => {
  let bench: Workbench;
  const mount = uniqueName('jwt');
  const role = { role_type: 'jwt', bound_audiences: [audience], user_claim: 'sub', token_ttl: '5m' };

  beforeAll(async () => {
    bench = await workbench(product);
    bench.write(bench.recipe());
    const bin = addVaultbind(bench.folder);
    const { name, from } = vaultPrograms[product];
    const context = { env: process.env, progress: silent };
    symlinkSync((await findPrograms(from, context)).get(name) ?? name, join(bin, 'vault'));
    const all = { policy: 'path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }' };
    await bench.vault('POST', `sys/policies/acl/${mount}`, all);
    await bench.vault('POST', `sys/auth/${mount}`, { type: 'jwt' });
    const key = publicKey.export({ type: 'spki', format: 'pem' });
    await bench.vault('POST', `auth/${mount}/config`, { jwt_validation_pubkeys: [key] });
    for (const job of ['plan', 'apply', 'verify'])
      await bench.vault('POST', `auth/${mount}/role/vaultbind-${job}`, {
        ...role,
        bound_claims: { environment: `vaultbind-${job}` },
        token_policies: [mount],
      });
  });
  afterAll(async () => {
    await bench.vault('DELETE', `sys/auth/${mount}`);
    await bench.vault('DELETE', `sys/policies/acl/${mount}`);
    await bench.remove();
  });

  /** One job as a runner runs it: both scripts in one shell that stops at the first failure. */
  function runJob(job: string, environment = `vaultbind-${job}`): Promise<{ exit: number; output: string }> {
    const lines: string[] = [...pipeline['.vault'].before_script, ...pipeline[job].script];
    const script = lines.join('\n').replace('auth/jwt/', `auth/${mount}/`);
    const { VAULT_TOKEN: _, ...rest } = bench.env;
    const env = {
      ...rest,
      PATH: pathOf(bench.folder),
      ...{ RECIPE: 'recipe.yaml', CI_PROJECT_DIR: bench.folder, VAULT_ID_TOKEN: idToken({ environment }) },
      VAULT_ROLE: pipeline[job].variables.VAULT_ROLE,
    };
    return runScript(script, env, bench.folder);
  }

  const leases = async () => {
    const { body } = await bench.vault('LIST', 'auth/token/accessors');
    const looked = body.data.keys.map((accessor: string) =>
      bench.vault('POST', 'auth/token/lookup-accessor', { accessor }),
    );
    return (await Promise.all(looked)).filter((one) => one.body?.data?.path === `auth/${mount}/login`).length;
  };

  it.each(['plan', 'apply', 'verify'])(
    '%s logs in, works, writes its reports and gives the token back',
    async (job) => {
      const { exit, output } = await runJob(job);
      expect(exit, output).toBe(0);
      expect(readFileSync(join(bench.folder, 'reports/junit.xml'), 'utf8')).toContain(`vaultbind ${job}`);
      expect(JSON.parse(readFileSync(join(bench.folder, 'reports/codequality.json'), 'utf8'))).toEqual([]);
      expect(readFileSync(join(bench.folder, `reports/${job}.md`), 'utf8')).toContain('### ✓');
      expect(await leases()).toBe(0);
    },
  );

  it('fails with the exit code of vaultbind, and gives the token back all the same', async () => {
    await bench.vault('POST', `sys/policies/acl/${bench.policy}`, { policy: 'path "x" { capabilities = ["read"] }' });
    const { exit, output } = await runJob('verify');
    expect(exit, output).toBe(1);
    expect(readFileSync(join(bench.folder, 'reports/junit.xml'), 'utf8')).toContain('type="drift"');
    expect(await leases()).toBe(0);
  });

  it('stops where another environment asks for the role', async () => {
    const { exit, output } = await runJob('apply', 'vaultbind-plan');
    expect(exit).not.toBe(0);
    expect(output).toContain('environment');
  });
});
