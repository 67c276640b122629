import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Those that have an identity in Vault. */
export type KnownJob = 'plan' | 'apply' | 'verify';

export type JobName = 'validate' | KnownJob;

/** What the owner of the repository has set for a job, and what lies in it. */
export interface Given {
  /** Text of the recipe. */
  recipe: string;
  /** Text; '' is none. */
  ceiling: string;
  vaultAddr: string;
  /** Text. */
  kubeconfig: string;
  /** Claims of the id token that the CI server gives to the job. */
  claims: object;
  /** What only this test needs. */
  env: Record<string, string>;
}

export interface Ran {
  exit: number;
  output: string;
  /** The job's own folder. */
  checkout: string;
  /** Whether it said to the next job that something is to change; undefined where it cannot. */
  changes?: boolean;
}

/** A CI server in so far as it runs the scripts of our files: jobs in checkouts of their own, artifacts between them. */
export interface CiServer {
  run(job: JobName, given: Given): Promise<Ran>;
  /** Id tokens it was asked for. */
  asked(): number;
  close(): Promise<void>;
}

/** A folder that no other job sees, with the recipe in it. */
export function checkout(folder: string, recipe: string): string {
  const made = mkdtempSync(join(folder, 'checkout-'));
  writeFileSync(join(made, 'recipe.yaml'), recipe);
  return made;
}

/** A folder for PATH that has the program by its name. */
export function binFolder(folder: string, program: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'vaultbind'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(join(bin, 'vaultbind'), 0o755);
  return bin;
}

/** As the runners of both do: one shell that stops at the first failure. */
export function runScript(
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
