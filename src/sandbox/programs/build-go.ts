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
    await context.progress.during(`Building ${wanted.title} ${wanted.version} once`, (detail) => {
      detail(`about ${source.minutes} minutes on two idle cores`);
      const run = {
        args: ['install', '-v', '-trimpath', '-ldflags', source.ldflags, 'tool'],
        cwd: module,
        env: { GOBIN: folder, GOWORK: 'off', CGO_ENABLED: '0', GOOS: undefined, GOARCH: undefined },
        onLine: countGoLines(source.packages, detail, () => performance.now()),
      };
      return runTool(`${wanted.title} ${wanted.version}`, program, run, context);
    });
    for (const [theirs, ours] of Object.entries(source.renamed)) await rename(join(folder, theirs), join(folder, ours));
  } finally {
    await rm(module, { recursive: true, force: true });
  }
}

/** `go: downloading m v1` and, with -v, each package compiled on a line of its own. */
export function countGoLines(
  packages: number,
  detail: (text: string) => void,
  now: () => number,
): (line: string) => void {
  let modulesFetched = 0;
  let packagesCompiled = 0;
  let began: number | undefined;
  return (line) => {
    if (line.startsWith('go: downloading ')) modulesFetched++;
    else if (/^[\w.-]+(\/[\w.~-]+)*$/.test(line)) {
      began ??= now();
      packagesCompiled++;
    }
    if (began === undefined) detail(`${modulesFetched} modules downloaded`);
    else
      detail(
        `${packagesCompiled} of about ${packages} packages compiled${left(packagesCompiled, packages, now() - began)}`,
      );
  };
}

/** As fast as so far; nothing is said while there is little to go by, nor when more came than was thought. */
function left(compiled: number, packages: number, milliseconds: number): string {
  const share = compiled / packages;
  if (share < 0.05 || share >= 1) return '';
  return `, about ${Math.ceil((milliseconds * (1 - share)) / share / 60_000)} min to go`;
}
