import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { githubEndpoint } from '../../servers/issuer.ts';
import { type CiServer, checkout, type Given, type JobName, type Ran, runScript } from './pipeline.ts';

interface Step {
  if?: string;
  uses?: string;
  with?: Record<string, string>;
  run?: string;
  env?: Record<string, string>;
}

interface Job {
  permissions: Record<string, string>;
  /** None for forks. */
  environment?: string;
  steps: Step[];
}

const workflow: { env: Record<string, string>; jobs: Record<JobName, Job> } = parse(
  readFileSync(join(import.meta.dirname, '../../../recipes/ci/github-actions.yml'), 'utf8'),
);

/** GitHub's runner, with a small server in place of the one that gives id tokens. */
export async function github(folder: string, bin: string): Promise<CiServer> {
  const bearer = 'canary-bearer-of-the-runner';
  let claims: object = {};
  const endpoint = await githubEndpoint(bearer, () => claims);
  const artifacts = mkdtempSync(join(folder, 'artifacts-'));
  return {
    run: async (name, given) => {
      const job = workflow.jobs[name];
      claims = { sub: `repo:owner/repository:environment:${job.environment}`, ...given.claims };
      const runner: Runner = {
        given,
        artifacts,
        checkout: checkout(folder, given.recipe),
        temp: mkdtempSync(`${bin}-`),
      };
      const token = { ACTIONS_ID_TOKEN_REQUEST_URL: endpoint.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer };
      return await runJob(job, runner, {
        ...{ HOME: folder, PATH: `${bin}:${process.env['PATH']}` },
        ...(job.permissions['id-token'] === 'write' ? token : {}),
      });
    },
    asked: () => endpoint.asked.length,
    close: endpoint.close,
  };
}

interface Runner {
  given: Given;
  /** Of the whole run, one folder each. */
  artifacts: string;
  checkout: string;
  /** RUNNER_TEMP */
  temp: string;
}

async function runJob(job: Job, runner: Runner, own: Record<string, string>): Promise<Ran> {
  const files = { GITHUB_OUTPUT: join(runner.temp, 'output'), GITHUB_STEP_SUMMARY: join(runner.temp, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const env = { ...own, ...files, ...workflow.env, GITHUB_WORKSPACE: runner.checkout, RUNNER_TEMP: runner.temp };
  let ran = { exit: 0, output: '' };
  for (const step of job.steps) {
    if (ran.exit !== 0 && step.if !== 'always()') continue;
    if (step.uses) handOver(step, runner);
    // The program is there already.
    if (!step.run || step.run.startsWith('npm install')) continue;
    const { exit, output } = await runScript(
      step.run,
      { ...env, ...valued(step.env, runner), ...runner.given.env },
      runner.checkout,
    );
    ran = { exit: ran.exit || exit, output: ran.output + output };
  }
  const changes = readFileSync(files.GITHUB_OUTPUT, 'utf8').includes('changes=yes');
  return { ...ran, changes, checkout: runner.checkout };
}

/** The expressions of our file; any other is a mistake. */
function valued(env: Record<string, string> = {}, { given, temp }: Runner): Record<string, string> {
  const contexts = new Map([
    ['vars.VAULT_ADDR', given.vaultAddr],
    ['vars.VAULTBIND_CEILING', given.ceiling],
    ['secrets.KUBECONFIG', given.kubeconfig],
    ['runner.temp', temp],
  ]);
  const value = (name: string) => {
    const found = contexts.get(name);
    if (found === undefined) throw new Error(`nobody sets ${name}`);
    return found;
  };
  return Object.fromEntries(
    Object.entries(env).map(([name, text]) => [name, text.replace(/\$\{\{ ([\w.]+) \}\}/g, (_, one) => value(one))]),
  );
}

/** Artifacts lose who may read them, and of one file or folder the folders above it. */
function handOver({ uses = '', with: { name = '', path = '' } = {} }: Step, { artifacts, checkout }: Runner): void {
  const kept = join(artifacts, name);
  const from = join(checkout, path);
  if (uses.startsWith('actions/download-artifact@')) cpSync(kept, from, { recursive: true });
  if (!uses.startsWith('actions/upload-artifact@') || !existsSync(from)) return;
  mkdirSync(kept, { recursive: true });
  if (statSync(from).isDirectory()) cpSync(from, kept, { recursive: true });
  else writeFileSync(join(kept, basename(from)), readFileSync(from));
}
