import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { callsIn, unknownIn } from './command-lines.ts';
import { workflowParser } from './workflow-parser.ts';

const file = join(import.meta.dirname, '../../recipes/ci/github-actions.yml');
const content = readFileSync(file, 'utf8');

interface Job {
  if?: string;
  permissions: Record<string, string>;
  environment?: string;
  env?: Record<string, string>;
  steps: { uses?: string; run?: string; env?: Record<string, string> }[];
}

const workflow: { permissions: object; env: Record<string, string>; jobs: Record<string, Job> } = parse(content);
const jobs = Object.entries(workflow.jobs);

const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await workflowParser();

/** What GitHub's own parser says against a workflow. */
async function mistakesIn(text: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name: 'vaultbind.yml', content: text }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

describe('recipes/ci/github-actions.yml', () => {
  it("is a workflow to GitHub's own parser", async () => expect(await mistakesIn(content)).toEqual([]));

  it.each([
    ['a key that jobs do not have', ['runs-on:', 'run-on:']],
    ['a job that is not there', ['needs: plan', 'needs: plans']],
    ['a permission that is none', ['id-token: write', 'id-token: maybe']],
    ['an expression that is none', ["== 'push'", "=== 'push'"]],
  ] as const)('would not be with %s', async (_what, [from, to]) => {
    expect(await mistakesIn(content.replace(from, to))).not.toEqual([]);
  });

  it('pins every action by its commit, with the release behind it', () => {
    const uses = content.split('\n').filter((line) => line.includes('uses:'));
    expect(uses.length).toBeGreaterThan(10);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('gives nothing to a job unless it says so, and to forks neither an identity nor a secret', () => {
    expect(workflow.permissions).toEqual({});
    for (const [name, job] of jobs) {
      const holds = JSON.stringify(job);
      const own = holds.includes('secrets.') || 'id-token' in job.permissions || holds.includes('environment"');
      const guard = job.if ?? '';
      const forOthers = !/head\.repo\.full_name == github\.repository|'schedule'|== 'push' &&/.test(guard);
      expect(own && (forOthers || name === 'validate'), name).toBe(false);
    }
    expect(workflow.jobs['validate']?.permissions).toEqual({ contents: 'read' });
  });

  it('lets no job write to the pull request that holds an identity in Vault', () => {
    const both = jobs.filter(([, { permissions }]) => 'id-token' in permissions && 'pull-requests' in permissions);
    expect(both).toEqual([]);
  });

  it('needs nothing in the job of forks that GitHub does not give to them', () => {
    expect(
      content
        .match(/vars\.\w+/g)
        ?.sort()
        .filter((name, index, all) => all.indexOf(name) === index),
    ).toEqual(['vars.VAULTBIND_CEILING', 'vars.VAULT_ADDR']);
    const [forForks] = workflow.jobs['validate']?.steps.flatMap(({ env }) => (env ? [env] : [])) ?? [];
    expect(forForks).toEqual({ CEILING_TEXT: '${{ vars.VAULTBIND_CEILING }}' });
    expect(workflow.env['VAULTBIND_PACKAGE']).toBeTypeOf('string');
  });

  it.each(['plan', 'apply', 'verify'])('%s logs in by itself as its environment, under the ceiling', (name) => {
    const job = workflow.jobs[name];
    const [step] = job?.steps.filter(({ run }) => run?.includes(`vaultbind ${name} `)) ?? [];
    expect(job?.environment).toBe(`vaultbind-${name}`);
    expect(step?.env).toEqual({
      VAULT_ADDR: '${{ vars.VAULT_ADDR }}',
      KUBECONFIG: '${{ runner.temp }}/kubeconfig',
      VAULTBIND_CEILING: '${{ runner.temp }}/ceiling.yaml',
      VAULTBIND_LOGIN: 'jwt',
      VAULTBIND_LOGIN_ROLE: `vaultbind-${name}`,
      VAULTBIND_LOGIN_AUDIENCE: '${{ vars.VAULT_ADDR }}',
    });
    expect(content).not.toContain('VAULT_TOKEN');
  });

  it('hands what others wrote to scripts by the environment alone', () => {
    const scripts = jobs.flatMap(([, { steps }]) => steps.flatMap(({ run }) => run ?? []));
    for (const script of scripts) expect(script).not.toContain('${{');
  });

  it('calls vaultbind as it can be called', async () => {
    const scripts = jobs.flatMap(([, { steps }]) => steps.flatMap(({ run }) => run ?? []));
    const calls = scripts.flatMap(callsIn);
    expect(calls.map(([name]) => name)).toEqual(['validate', 'plan', 'apply', 'verify']);
    for (const call of calls) expect(await unknownIn(call)).toEqual([]);
  });
});
