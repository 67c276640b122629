import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { Environment } from '../../model/environment.ts';
import type { PortBook } from '../options.ts';
import { sandboxesFolder, sandboxFolder } from './records.ts';

const schema = z.record(z.string(), z.array(z.number().int().min(1).max(65535)));

/** Not in the sandbox's folder, which goes with it: recipes and kubeconfigs that name its addresses stay right. */
export function portsOf(name: string, env: Environment): PortBook {
  const folder = join(dirname(sandboxesFolder(env)), 'sandbox-ports');
  const path = join(folder, `${basename(sandboxFolder(name, env))}.json`);
  const ports = new Map(Object.entries(read(path)));
  return {
    before: (server) => ports.get(server),
    took: (server, taken) => {
      ports.set(server, taken);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(path, `${JSON.stringify(Object.fromEntries(ports))}\n`, { mode: 0o600 });
    },
  };
}

/** Nothing depends on it, so whatever is wrong with it, others are taken. */
function read(path: string): Record<string, number[]> {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}
