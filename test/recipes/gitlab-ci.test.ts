import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { callsIn, unknownIn } from './command-lines.ts';

const file = join(import.meta.dirname, '../../recipes/ci/gitlab-ci.yml');
const content = readFileSync(file, 'utf8');
const require = createRequire(import.meta.url);
const reader = require.resolve('gitlab-ci-local');

/** The reader asks for one function that Node has since 22. */
const since22 = `data:text/javascript,${encodeURIComponent('Set.prototype.union ??= function (o) { return new Set([...this, ...o]); }')}`;

/** The jobs that a program which knows GitLab's schema and rules would run, or what it says against the file. */
async function readPipeline(text: string, variables: Record<string, string> = {}): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'vaultbind-gitlab-'));
  try {
    writeFileSync(join(folder, '.gitlab-ci.yml'), text);
    await run('git', ['init', '--quiet'], folder);
    await run('git', ['remote', 'add', 'origin', 'https://gitlab.example.com/group/project.git'], folder);
    const given = Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
    const output = await run(process.execPath, ['--import', since22, reader, '--list-json', ...given], folder);
    const jobs: { name: string; when: string }[] = JSON.parse(output.slice(output.search(/^\[$/m)));
    return Object.fromEntries(jobs.filter(({ when }) => when !== 'never').map(({ name, when }) => [name, when]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: string[], cwd: string): Promise<string> {
  return new Promise((done, fail) =>
    execFile(command, args, { cwd }, (error, stdout, stderr) =>
      error ? fail(new Error(stdout + stderr)) : done(stdout),
    ),
  );
}

interface Job {
  script?: string[];
  artifacts?: { reports?: object };
  id_tokens?: object;
  extends?: string;
  variables?: Record<string, string>;
  environment?: { name: string };
}

const { variables, ...jobs }: Record<string, Job> & { variables: Record<string, string> } = parse(content, {
  merge: true,
});

describe('recipes/ci/gitlab-ci.yml', () => {
  it.each([
    ['a key that jobs do not have', 'resource_group:', 'resourcegroup:', 'resourcegroup'],
    ['a stage that is not there', 'stage: apply', 'stage: deploy', 'deploy'],
  ])('would not be a pipeline with %s', async (_what, from, to, said) => {
    await expect(readPipeline(content.replace(from, to))).rejects.toThrow(said);
  });

  const project = { CI_PROJECT_ID: '1', CI_DEFAULT_BRANCH: 'main' };
  const request = { ...project, CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_PROJECT_ID: '1' };
  it.each([
    [
      'a merge request',
      { ...request, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '1' },
      { validate: 'on_success', plan: 'on_success' },
    ],
    [
      'a merge request from a fork, run in the project',
      { ...request, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '2' },
      { validate: 'on_success' },
    ],
    [
      'a merge request from a fork, run in the fork',
      { ...request, CI_PROJECT_ID: '2', CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '2' },
      { validate: 'on_success' },
    ],
    [
      'the default branch',
      { ...project, CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'main' },
      { validate: 'on_success', plan: 'on_success', apply: 'manual' },
    ],
    [
      'a new pipeline for the default branch, after a plan that was stale',
      { ...project, CI_PIPELINE_SOURCE: 'web', CI_COMMIT_BRANCH: 'main' },
      { validate: 'on_success', plan: 'on_success', apply: 'manual' },
    ],
    ['another branch', { ...project, CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'other' }, {}],
    [
      'the schedule',
      { ...project, CI_PIPELINE_SOURCE: 'schedule', CI_COMMIT_BRANCH: 'main' },
      { verify: 'on_success' },
    ],
  ])('is valid by its schema, and runs what it should for %s', async (_what, variables, wanted) => {
    expect(await readPipeline(content, variables)).toEqual(wanted);
  });

  it('hands an id token to what logs in to Vault alone, and reports to GitLab from every job', () => {
    const running = Object.entries(jobs).filter(([, job]) => job.script);
    expect(running.filter(([, job]) => job.extends === '.vault').map(([name]) => name)).toEqual([
      'plan',
      'apply',
      'verify',
    ]);
    expect(running.filter(([, job]) => job.id_tokens)).toEqual([]);
    for (const [, job] of running)
      expect(job.artifacts?.reports).toEqual({ junit: 'reports/junit.xml', codequality: 'reports/codequality.json' });
  });

  it('names the image where a fork has it too', () => expect(variables['VAULTBIND_IMAGE']).toBeTypeOf('string'));

  it.each(['plan', 'apply', 'verify'])('%s logs in by itself as its environment, under the ceiling', (name) => {
    expect(jobs['.vault']?.variables).toEqual({ VAULTBIND_LOGIN: 'jwt', VAULTBIND_LOGIN_JWT_ENV: 'VAULT_ID_TOKEN' });
    expect(jobs[name]?.variables).toEqual({ VAULTBIND_LOGIN_ROLE: `vaultbind-${name}` });
    expect(jobs[name]?.environment?.name).toBe(`vaultbind-${name}`);
    expect(jobs[name]?.script?.[0]).toContain('--ceiling "$VAULTBIND_CEILING"');
    expect(content).not.toContain('VAULT_TOKEN');
  });

  it('calls vaultbind as it can be called', async () => {
    const calls = Object.values(jobs).flatMap(({ script = [] }) => script.flatMap(callsIn));
    expect(calls.map(([name]) => name)).toEqual(['validate', 'plan', 'apply', 'verify']);
    for (const call of calls) expect(await unknownIn(call)).toEqual([]);
  });
});
