import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { idToken } from '../../servers/issuer.ts';
import { type CiServer, checkout, type Given, type JobName, runScript } from './pipeline.ts';

interface Job {
  extends?: '.vault';
  variables?: Record<string, string>;
  environment?: { name: string };
  dependencies?: JobName[];
  script: string[];
  artifacts: { paths: string[] };
}

interface Template {
  id_tokens: Record<string, { aud: string }>;
  variables: Record<string, string>;
}

const pipeline: Record<JobName, Job> & { variables: Record<string, string>; '.vault': Template } = parse(
  readFileSync(join(import.meta.dirname, '../../../recipes/ci/gitlab-ci.yml'), 'utf8'),
  { merge: true },
);

/** GitLab's runner. */
export function gitlab(folder: string, bin: string): CiServer {
  const artifacts = mkdtempSync(join(folder, 'artifacts-'));
  return {
    run: async (name, given) => {
      const job = pipeline[name];
      const place = checkout(folder, given.recipe);
      for (const one of job.dependencies ?? []) cpSync(join(artifacts, one), place, { recursive: true });
      const env = { HOME: folder, PATH: `${bin}:${process.env['PATH']}`, CI_PROJECT_DIR: place };
      const ran = await runScript(
        job.script.join('\n'),
        { ...env, ...variablesOf(job, given), ...filesOf(given, mkdtempSync(`${bin}-`)), ...given.env },
        place,
      );
      keep(job, place, join(artifacts, name));
      return { ...ran, checkout: place };
    },
    asked: () => 0,
    close: async () => {},
  };
}

function variablesOf(job: Job, { claims, vaultAddr }: Given): Record<string, string> {
  const { id_tokens, variables } = pipeline['.vault'];
  const own = { ...pipeline.variables, ...job.variables, ...(vaultAddr && { VAULT_ADDR: vaultAddr }) };
  if (job.extends !== '.vault') return own;
  const said = { project_path: 'group/project', environment: job.environment?.name, ...claims };
  const tokens = Object.entries(id_tokens).map(([name, { aud }]) => {
    const audience = aud.replace('$VAULT_ADDR', vaultAddr);
    return [name, idToken({ aud: audience, ...said })] as const;
  });
  return { ...variables, ...own, ...Object.fromEntries(tokens) };
}

/** Variables of type File. */
function filesOf({ ceiling, kubeconfig }: Given, folder: string): Record<string, string> {
  const texts = Object.entries({ KUBECONFIG: kubeconfig, VAULTBIND_CEILING: ceiling }).filter(([, text]) => text);
  return Object.fromEntries(
    texts.map(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return [name, join(folder, name)];
    }),
  );
}

/** Artifacts keep their place and who may read them, and come to belong to root. */
function keep({ artifacts: { paths } }: Job, from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const path of paths.filter((one) => existsSync(join(from, one)))) {
    const { mode } = statSync(join(from, path));
    if ((mode & 0o004) === 0) throw new Error(`another user than root cannot read ${path}`);
    cpSync(join(from, path), join(to, path), { recursive: true });
  }
}
