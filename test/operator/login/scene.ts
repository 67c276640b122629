import { afterAll, beforeAll } from 'vitest';
import { type CliResult, runCli } from '../../servers/cli.ts';
import { type Sent, watched } from '../../servers/wire.ts';
import { type Workbench, workbench } from '../../servers/workbench.ts';
import { closeEndpoints, operatorPolicy, type Prepare, type Prepared } from './methods.ts';

/** A workbench with the article's recipe written, and an operator who has no token of the environment's. */
export interface LoginScene {
  readonly bench: Workbench;
  /** An auth method of its own, gone at the end. */
  prepare(method: Prepare, role?: object): Promise<Prepared>;
  /** The bench's environment without its token, and more. */
  env(more?: Record<string, string>): Record<string, string>;
  run(
    args: string[],
    login: Pick<Prepared, 'env' | 'flags'> & { stdin?: string },
  ): Promise<{ result: CliResult; sent: Sent[] }>;
}

/** One for all tests of a `describe`. */
export function loginScene(product: Workbench['product']): LoginScene {
  let bench: Workbench;
  let policy: string;
  const mounts: string[] = [];
  beforeAll(async () => {
    bench = await workbench(product);
    bench.write(bench.recipe());
    policy = await operatorPolicy(bench);
  });
  afterAll(async () => {
    for (const mount of mounts) await bench.vault('DELETE', `sys/auth/${mount}`);
    await bench.vault('DELETE', `sys/policies/acl/${policy}`);
    await closeEndpoints();
    await bench.remove();
  });
  const env = (more = {}) => {
    const { VAULT_TOKEN: _, ...rest } = bench.env;
    return { ...rest, ...more };
  };
  return {
    get bench() {
      return bench;
    },
    prepare: async (method, role) => {
      const prepared = await method(bench, policy, role);
      const mount = /^auth\/(.+)\/login/.exec(prepared.at)?.[1];
      if (mount !== undefined) mounts.push(mount);
      return prepared;
    },
    env,
    run: (args, { flags, env: more, stdin }) =>
      watched(() => runCli([...args, ...flags], { env: env(more), cwd: bench.folder, stdin })),
  };
}
