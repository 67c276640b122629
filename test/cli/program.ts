import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const project = join(import.meta.dirname, '../..');

/** The program bundled from the sources as they are, to be started as a process of its own. */
export async function bundleMain(): Promise<{ file: string; remove(): Promise<void> }> {
  // Inside the project, so that nothing needs to be looked up elsewhere.
  const folder = await mkdtemp(join(project, 'node_modules/.vaultbind-test-'));
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [join(project, 'src/main.ts')],
    outdir: folder,
    ...{ bundle: true, splitting: true, platform: 'node', format: 'esm', banner: { js: banner }, logLevel: 'error' },
  });
  const file = join(folder, 'start.js');
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(file, "import { start } from './main.js';\nstart();\n");
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}
