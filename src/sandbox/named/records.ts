import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../errors.ts';
import type { Environment } from '../../model/environment.ts';

const recordSchema = z.object({
  name: z.string(),
  /** ISO 8601. */
  created: z.string(),
  vault: z.enum(['openbao', 'hashicorp', 'none']),
  tls: z.boolean(),
  /** Of the Vault. */
  nodes: z.number().default(1),
  /** `starting` until all answer; one found so without its `up` was killed. */
  state: z.enum(['starting', 'running']),
  servers: z.array(z.object({ name: z.string(), pid: z.number(), started: z.string(), log: z.string() })),
  /** What `eval` gets, the root token included: the file is for this user alone. */
  environment: z.record(z.string(), z.string()),
  /** Addresses to show, by program. */
  addresses: z.record(z.string(), z.string()),
});

/** What is known of a sandbox that outlives the command that made it. */
export type SandboxRecord = z.infer<typeof recordSchema>;

/** `${XDG_STATE_HOME:-~/.local/state}/vaultbind/sandboxes`; VAULTBIND_STATE replaces the part before `sandboxes`. */
export function sandboxesFolder(env: Environment): string {
  const home = env['HOME'] || homedir();
  const state = env['VAULTBIND_STATE'] || join(env['XDG_STATE_HOME'] || join(home, '.local', 'state'), 'vaultbind');
  return join(state, 'sandboxes');
}

/** @throws InputError usage when the name cannot be a folder's name. */
export function sandboxFolder(name: string, env: Environment): string {
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) return join(sandboxesFolder(env), name);
  const message = `${JSON.stringify(name)} cannot name a sandbox: use small letters, digits and hyphens, at most 40`;
  throw new InputError({ code: 'usage', subject: '--name', message });
}

/** Written at once and whole: a process that was just started must not be forgotten. */
export function writeRecord(record: SandboxRecord, env: Environment): void {
  const folder = sandboxFolder(record.name, env);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'sandbox.json');
  writeFileSync(`${path}.new`, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Undefined when there is no such sandbox. */
export function readRecord(name: string, env: Environment): SandboxRecord | undefined {
  const path = join(sandboxFolder(name, env), 'sandbox.json');
  if (!existsSync(path)) return undefined;
  const parsed = recordSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const message = `${path} is not what this version of vaultbind writes`;
  const fix = { why: 'end the processes it names, if they run, then remove the folder it lies in' };
  throw new InputError({ code: 'sandbox-missing', subject: name, message, fix: [fix] });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function listNames(env: Environment): Promise<string[]> {
  const folder = sandboxesFolder(env);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

export async function removeRecord(name: string, env: Environment): Promise<void> {
  await rm(sandboxFolder(name, env), { recursive: true, force: true });
}
