import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SavedPlan, savedPlanJsonSchema } from '../../src/saved-plan/schema.ts';
import { digest } from '../../src/saved-plan/seal.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import { kubernetes } from '../servers/raw.ts';
import { products, servers } from '../servers/servers.ts';
import { watched as watchedWire } from '../servers/wire.ts';
import { notable, type Workbench, workbench } from '../servers/workbench.ts';
import { type Hand, handOf, watched } from '../steps/hand.ts';

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const valid = ajv.compile(savedPlanJsonSchema());

function planIn(bench: Workbench, file = 'plan.json'): SavedPlan {
  return JSON.parse(readFileSync(join(bench.folder, file), 'utf8'));
}

/** Writes the plan with its seal made anew, as somebody who means harm would. */
function forge(bench: Workbench, change: (plan: SavedPlan) => void): void {
  const { sha256: _, ...plan } = planIn(bench);
  change(plan as SavedPlan);
  const { files, beside, environment } = plan.recipe;
  plan.recipe.sha256 = digest({ files, beside, environment });
  writeFileSync(join(bench.folder, 'plan.json'), JSON.stringify({ ...plan, sha256: digest(plan) }));
}

describe.each(products)('a saved plan, on %s,', (product) => {
  let bench: Workbench;
  let hand: Hand;
  beforeEach(async () => {
    bench = await workbench(product);
    hand = handOf(bench);
    bench.write(bench.recipe());
  });
  afterEach(() => bench.remove());

  const save = (...args: string[]) => bench.report('plan', '-f', 'recipe.yaml', '--out', 'plan.json', ...args);

  it('is applied in another folder, with no recipe there, and makes what it says', async () => {
    const saved = await save();
    expect(saved.exit).toBe(0);
    expect(saved.findings.at(-1)).toMatchObject({ code: 'plan-saved', status: 'ok', subject: 'plan.json' });
    const plan = planIn(bench);
    expect(valid(plan), JSON.stringify(valid.errors)).toBe(true);
    const away = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
    try {
      const result = await runCli(['apply', join(bench.folder, 'plan.json'), '-y', '-o', 'json'], {
        env: bench.env,
        cwd: away,
      });
      const report = reportOf(result);
      expect([result.exit, notable(report).filter((line) => !line.startsWith('created'))]).toEqual([0, []]);
      const made = report.findings.filter(({ status }) => status === 'created').map(({ subject }) => subject);
      expect(made.sort()).toEqual(
        plan.objects
          .filter(({ decision }) => decision === 'create')
          .map(({ address }) => address)
          .sort(),
      );
      expect(report.chain.length).toBeGreaterThan(0);
    } finally {
      rmSync(away, { recursive: true });
    }
    expect(notable(await bench.report('plan', '-f', 'recipe.yaml'))).toEqual([]);
  });

  it('can be read by its owner alone, also where a file was that others could read', async () => {
    writeFileSync(join(bench.folder, 'plan.json'), 'old', { mode: 0o644 });
    expect((await save()).exit).toBe(0);
    expect((statSync(join(bench.folder, 'plan.json')).mode & 0o777).toString(8)).toBe('600');
  });

  it('holds no secret', async () => {
    expect((await bench.report('apply', '-f', 'recipe.yaml', '-y')).exit).toBe(0);
    await save();
    const text = readFileSync(join(bench.folder, 'plan.json'), 'utf8');
    const { token } = servers().vaults[product];
    const reviewer = await hand.reviewerToken();
    for (const secret of [token, reviewer, servers().kubernetes.clientKey, 'kv-canary-2f6d1c'])
      for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, 40)])
        expect(text).not.toContain(form);
    expect(text).not.toMatch(/eyJ[\w-]{5,}\.|\bhvs\.|PRIVATE KEY/);
  });

  it('of nothing to do writes nothing', async () => {
    expect((await bench.report('apply', '-f', 'recipe.yaml', '-y')).exit).toBe(0);
    expect((await save()).exit).toBe(0);
    expect(new Set(planIn(bench).objects.map(({ decision }) => decision))).toEqual(new Set(['none']));
    const applied = await watched(bench, 'apply', 'plan.json', '-y');
    expect([applied.exit, applied.writes]).toEqual([0, []]);
  });

  it.each([
    ['--only', ['enable-auth', 'write-policy']],
    ['--skip', ['write-config', 'bind-role', 'login', 'review-token']],
  ])('made with %s does these steps and no other', async (flag, steps) => {
    expect((await save(...steps.flatMap((step) => [flag, step]))).exit).toBe(0);
    const { steps: chosen, objects } = planIn(bench);
    const applied = await bench.report('apply', 'plan.json', '-y');
    expect(applied.exit).toBe(0);
    expect(new Set(applied.findings.flatMap(({ step }) => step ?? []))).toEqual(
      new Set(objects.map(({ step }) => step)),
    );
    expect(chosen.some((step) => steps.includes(step))).toBe(flag === '--only');
    expect(await hand.world()).toMatchObject({ [hand.address.role]: undefined });
  });

  it('is not saved, nor applied, when nothing in it could be applied', async () => {
    const refused = await save('--only', 'login', '--only', 'review-token');
    expect([refused.exit, refused.findings.at(-1)?.code]).toEqual([1, 'plan-not-saved']);
    expect(existsSync(join(bench.folder, 'plan.json'))).toBe(false);
    expect((await save()).exit).toBe(0);
    forge(bench, (plan) => {
      plan.steps = ['fetch-credentials', 'review-token', 'login'];
      for (const one of plan.objects) one.chosen = one.step === 'fetch-credentials';
    });
    const applied = await watched(bench, 'apply', 'plan.json', '-y');
    expect([applied.exit, applied.report.findings[0]?.code, applied.requests]).toEqual([3, 'plan-unreadable', []]);
  });

  it('is not saved when something is blocked, and what lay there stays', async () => {
    writeFileSync(join(bench.folder, 'plan.json'), 'old');
    await bench.vault('POST', `sys/auth/${bench.mount}`, { type: 'userpass' });
    const saved = await save();
    expect([saved.exit, saved.findings.at(-1)?.code]).toEqual([1, 'plan-not-saved']);
    expect(readFileSync(join(bench.folder, 'plan.json'), 'utf8')).toBe('old');
  });

  /** Somebody else's write between plan and apply, and what is said of it. */
  const meanwhile: [what: string, change: () => Promise<unknown>, subject: () => string, said: RegExp][] = [
    [
      'the mount is gone',
      () => bench.vault('DELETE', `sys/auth/${bench.mount}`),
      () => hand.address.mount,
      /existed when the plan was made, and is gone.*now it would be created/,
    ],
    [
      'the mount was enabled anew',
      async () => {
        await bench.vault('DELETE', `sys/auth/${bench.mount}`);
        await bench.vault('POST', `sys/auth/${bench.mount}`, { type: 'kubernetes' });
      },
      () => hand.address.mount,
      /changed since the plan was made: accessor/,
    ],
    [
      'the mount has another type',
      async () => {
        await bench.vault('DELETE', `sys/auth/${bench.mount}`);
        await bench.vault('POST', `sys/auth/${bench.mount}`, { type: 'userpass' });
      },
      () => hand.address.mount,
      /it is blocked now: an auth method of type userpass/,
    ],
    [
      'a policy was changed',
      () => bench.vault('POST', hand.address.policy, { policy: 'path "x" { capabilities = ["read"] }' }),
      () => hand.address.policy,
      /changed since the plan was made: policy; the plan found it in place, and now it would be updated \(policy\)/,
    ],
    [
      'a policy was written in other words',
      async () => {
        const { body } = await bench.vault('GET', hand.address.policy);
        await bench.vault('POST', hand.address.policy, { policy: `# as it was\n${body.data.policy}` });
      },
      () => hand.address.policy,
      /changed since the plan was made: policy$/,
    ],
    [
      'a policy is gone',
      () => bench.vault('DELETE', hand.address.policy),
      () => hand.address.policy,
      /existed when the plan was made, and is gone/,
    ],
    ['a field of the role', () => hand.role({ token_ttl: 60 }), () => hand.address.role, /made: token_ttl;/],
    [
      'a field that the recipe does not have',
      () => hand.config({ issuer: 'somebody' }),
      () => hand.address.config,
      /made: issuer;.*would be updated \(issuer\)/,
    ],
    [
      'the role is gone',
      () => bench.vault('DELETE', hand.address.role),
      () => hand.address.role,
      /existed when the plan was made, and is gone/,
    ],
    [
      'the binding is gone',
      () => kubernetes('DELETE', hand.url.binding),
      () => hand.address.binding,
      /existed when the plan was made, and is gone/,
    ],
    [
      'the binding has one more subject',
      () =>
        kubernetes('PATCH', hand.url.binding, {
          subjects: ['vault-reviewer', 'stranger'].map((name) => ({
            kind: 'ServiceAccount',
            name,
            namespace: bench.namespace,
          })),
        }),
      () => hand.address.binding,
      /changed since the plan was made: subjects/,
    ],
    [
      'the token Secret is another one',
      () => kubernetes('DELETE', hand.url.secret),
      () => hand.address.secret,
      /existed when the plan was made, and is gone/,
    ],
  ];

  describe('is stale, and nothing is written, when', () => {
    it.each(meanwhile)('%s', async (_what, change, subject, said) => {
      expect((await bench.report('apply', '-f', 'recipe.yaml', '-y', '--verify=none')).exit).toBe(0);
      expect((await save()).exit).toBe(0);
      await change();
      const before = await hand.world();
      const applied = await watched(bench, 'apply', 'plan.json', '-y');
      expect([applied.exit, applied.writes]).toEqual([1, []]);
      expect(await hand.world()).toEqual(before);
      const { findings } = applied.report;
      expect(findings.every(({ code, status }) => code === 'plan-stale' && status === 'failed')).toBe(true);
      expect(findings.find((one) => one.subject === subject())?.message).toMatch(said);
      expect(findings.at(-1)?.fix[0]?.command).toBe('vaultbind plan -f recipe.yaml --out plan.json');
    });

    it('it was applied already', async () => {
      await save();
      expect((await bench.report('apply', 'plan.json', '-y')).exit).toBe(0);
      const again = await watched(bench, 'apply', 'plan.json', '-y');
      expect([again.exit, again.writes]).toEqual([1, []]);
    });

    it('it was made by another schema', async () => {
      await save();
      forge(bench, (plan) => Object.assign(plan, { schema_version: 2, vaultbind: '9.9.9' }));
      const applied = await watched(bench, 'apply', 'plan.json', '-y');
      expect([applied.exit, applied.requests]).toEqual([1, []]);
      expect(applied.report.findings[0]?.message).toMatch(/vaultbind 9\.9\.9 saved it with schema 2/);
    });

    it('another Vault answers, or it is another cluster', async () => {
      await save();
      const { vault, cluster } = planIn(bench);
      forge(bench, (plan) => {
        plan.vault.cluster_id = 'other-vault';
        plan.cluster.kube_system_uid = 'other-cluster';
      });
      const applied = await watched(bench, 'apply', 'plan.json', '-y');
      expect([applied.exit, applied.writes]).toEqual([1, []]);
      const said = applied.report.findings.map(({ message }) => message).join('\n');
      for (const id of [vault.cluster_id, 'other-vault', cluster.kube_system_uid, 'other-cluster'])
        expect(said).toContain(id);
    });

    it('a plan was forged to decide otherwise', async () => {
      await save();
      forge(bench, (plan) => {
        plan.objects = plan.objects.filter(({ address }) => address !== hand.address.binding);
      });
      const applied = await watched(bench, 'apply', 'plan.json', '-y');
      expect([applied.exit, applied.writes]).toEqual([1, []]);
      expect(applied.report.findings[0]?.message).toBe('planning again has it, and the plan does not');
    });
  });

  it('gives no other Vault its token: the address is the operator’s to give', async () => {
    await save();
    const other = products.find((one) => one !== product) ?? product;
    forge(bench, (plan) => {
      plan.vault.address = servers().vaults[other].address;
    });
    const { result, sent } = await watchedWire(() => bench.report('apply', 'plan.json', '-y'));
    expect([result.exit, result.findings[0]?.code, sent.length]).toEqual([3, 'address-mismatch', 0]);
  });

  it('does not take another Vault namespace than the one it was made for', async () => {
    await save();
    const { result, sent } = await watchedWire(() =>
      bench.report('apply', 'plan.json', '-y', '--vault-namespace', 'elsewhere'),
    );
    expect([result.exit, result.findings[0]?.code, sent.length]).toEqual([3, 'address-mismatch', 0]);
  });
});

describe('the recipe of a saved plan', () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await workbench('openbao');
  });
  afterAll(() => bench.remove());
  const recipe = (description = '${env:PLACE:-here}') => {
    const { auth, policies: _, ...rest } = bench.recipe();
    return {
      ...rest,
      auth: { ...auth, description },
      cluster: { ca: './ca.pem' },
      policies: [{ name: bench.policy, file: './app.hcl' }],
    };
  };
  const policy = (path: string) => `path "secret/data/${path}" { capabilities = ["read"] }\n`;
  const put = (file: string, text: string) => writeFileSync(join(bench.folder, file), text);
  const cli = async (args: string[], env: Record<string, string> = {}) => {
    const result = await runCli([...args, '-o', 'json'], { env: { ...bench.env, ...env }, cwd: bench.folder });
    return { ...reportOf(result), exit: result.exit };
  };
  beforeEach(async () => {
    bench.write(recipe());
    put('app.hcl', policy(bench.secret));
    put('ca.pem', servers().kubernetes.ca);
    const saved = await cli(['plan', '-f', 'recipe.yaml', '--env', 'PLACE', '--out', 'plan.json'], { PLACE: 'there' });
    expect(saved.exit).toBe(0);
  });

  const rows: [what: string, change: () => void, args: string[], env: Record<string, string>, subjects: string[]][] = [
    ['changed where it lies', () => bench.write(recipe('other')), [], {}, ['recipe.yaml']],
    ['changed in a policy file', () => put('app.hcl', policy('all')), [], {}, ['./app.hcl of recipe.yaml']],
    ['changed in its CA', () => put('ca.pem', `\n${servers().kubernetes.ca}`), [], {}, ['./ca.pem of recipe.yaml']],
    [
      'changed, and named',
      () => put('app.hcl', `${policy(bench.secret)}# one more line\n`),
      ['-f', 'recipe.yaml', '--env', 'PLACE'],
      { PLACE: 'there' },
      ['./app.hcl of recipe.yaml'],
    ],
    [
      'read with another variable',
      () => undefined,
      ['-f', 'recipe.yaml', '--env', 'PLACE'],
      { PLACE: 'elsewhere' },
      ['${env:PLACE}'],
    ],
    [
      'another file',
      () => bench.write(recipe(), 'second.yaml'),
      ['-f', 'second.yaml', '--env', 'PLACE'],
      { PLACE: 'there' },
      [
        'recipe.yaml',
        './app.hcl of recipe.yaml',
        './ca.pem of recipe.yaml',
        'second.yaml',
        './app.hcl of second.yaml',
        './ca.pem of second.yaml',
      ],
    ],
  ];

  it.each(rows)(
    'that was %s makes it stale before anything is contacted',
    async (_what, change, args, env, subjects) => {
      change();
      const { result, sent } = await watchedWire(() => cli(['apply', 'plan.json', '-y', ...args], env));
      expect([result.exit, sent.length]).toEqual([1, 0]);
      expect(new Set(result.findings.map(({ code }) => code))).toEqual(new Set(['plan-stale']));
      expect(result.findings.map(({ subject }) => subject).sort()).toEqual(subjects.sort());
    },
  );

  it('may be named, with the variables it was planned with', async () => {
    const args = ['apply', 'plan.json', '-y', '-f', 'recipe.yaml', '--env', 'PLACE'];
    expect((await cli(args, { PLACE: 'there' })).exit).toBe(0);
    const { body } = await bench.vault('GET', `sys/auth/${bench.mount}/tune`);
    expect(body.data.description).toBe('there');
  });
});
