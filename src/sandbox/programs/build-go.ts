import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SandboxContext } from '../options.ts';
import type { GoSource, ProgramPackage } from './programs.ts';
import { requireTool, runTool, type Tool } from './run-tool.ts';

const modules = fileURLToPath(new URL('./modules/', import.meta.url));

function go(title: string): Tool {
  return { names: ['go'], needed: `to build ${title}`, install: 'Install Go 1.26 or newer: https://go.dev/dl/' };
}

/** Builds the `tool` lines of the module into `folder`. */
export async function buildFromGo(
  wanted: ProgramPackage,
  source: GoSource,
  folder: string,
  context: SandboxContext,
): Promise<void> {
  const program = requireTool(go(wanted.title), context.env);
  // A copy, because Go may want to write beside go.mod and the package may lie where nobody can write.
  const module = await mkdtemp(join(context.env['TMPDIR'] || tmpdir(), 'vaultbind-module-'));
  try {
    await cp(join(modules, source.module), module, { recursive: true });
    const what = `Building ${wanted.title} ${wanted.version} once, about ${source.minutes} minutes on two cores`;
    await context.progress.during(what, (detail) => {
      const run = {
        args: ['install', '-v', '-trimpath', '-ldflags', source.ldflags, 'tool'],
        cwd: module,
        env: { GOBIN: folder, GOWORK: 'off', CGO_ENABLED: '0', GOOS: undefined, GOARCH: undefined },
        onLine: countGoLines(detail),
      };
      return runTool(`${wanted.title} ${wanted.version}`, program, run, context);
    });
    for (const [theirs, ours] of Object.entries(source.renamed)) await rename(join(folder, theirs), join(folder, ours));
  } finally {
    await rm(module, { recursive: true, force: true });
  }
}

/** `go: downloading m v1` and, with -v, each package compiled on a line of its own. */
function countGoLines(detail: (text: string) => void): (line: string) => void {
  let modulesFetched = 0;
  let packagesCompiled = 0;
  return (line) => {
    if (line.startsWith('go: downloading ')) modulesFetched++;
    else if (/^[\w.-]+(\/[\w.~-]+)*$/.test(line)) packagesCompiled++;
    detail(`${modulesFetched} modules downloaded, ${packagesCompiled} packages compiled`);
  };
}
