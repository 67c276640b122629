/** Builds dist/: the bundle, what the sandbox builds its servers from, the licences and the bill of materials. */
import { cp, mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { billOfMaterials } from './bom.mjs';
import { bundledPackages } from './bundled.mjs';
import { licences } from './licences.mjs';

const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const started = new Date();
// Written elsewhere and put in its place at once: a program started meanwhile finds the old build or the new one.
const fresh = `node_modules/.cache/vaultbind/dist-${process.pid}`;

const leftOut = {
  /**
   * node-vault asks axios for nothing as long as it is given a transport, which it always is. Left out, its HTTP client
   * cannot be used by accident either: it follows redirects with the token and shows the token in its errors.
   */
  axios: 'module.exports = { create() { throw new Error("vaultbind sends nothing by axios"); } };',
  /** zod's messages in fifty languages; vaultbind has its own. English stays, zod loads it by itself. */
  '../locales/index.js': 'export {};',
};

const withoutSome = {
  name: 'without-some',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^axios$|^\.\.\/locales\/index\.js$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({ contents: leftOut[path] }));
  },
};

/**
 * client-node's index loads all it has, with WebSockets, tar and YAML for commands like exec and cp. Its modules only
 * define classes, so what nobody asks for may be left out, which its package.json forgets to say.
 */
const onlyWhatIsUsed = {
  name: 'only-what-is-used',
  setup({ onResolve, resolve }) {
    const inside = (path) => path.replaceAll('\\', '/').includes('node_modules/@kubernetes/client-node/');
    onResolve({ filter: /.*/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === onlyWhatIsUsed || (path !== '@kubernetes/client-node' && !inside(importer))) return undefined;
      const found = await resolve(path, { importer, resolveDir, kind, pluginData: onlyWhatIsUsed });
      return { ...found, sideEffects: false };
    });
  },
};

try {
  const { metafile } = await build({
    entryPoints: ['src/main.ts'],
    outdir: fresh,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    // Names are kept for stack traces; the rest only costs time to read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    chunkNames: 'chunk-[hash]',
    // Dependencies in CommonJS ask for Node's own modules by require.
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
    },
    plugins: [withoutSome, onlyWhatIsUsed],
    metafile: true,
    logLevel: 'warning',
  });
  const packages = await bundledPackages(metafile);
  await cp('src/sandbox/programs/modules', `${fresh}/modules`, { recursive: true });
  await writeFile(`${fresh}/THIRD-PARTY-LICENSES.txt`, licences(packages));
  await writeFile(`${fresh}/sbom.cdx.json`, billOfMaterials(manifest, packages));
  // A source changed while this ran is newer than the build, so the next one sees it.
  await utimes(`${fresh}/main.js`, started, started);
  await putInPlace();
} catch (error) {
  // esbuild has already shown its errors.
  if (!Array.isArray(error.errors)) throw error;
  process.exitCode = 1;
} finally {
  await rm(fresh, { recursive: true, force: true });
  await rm(`${fresh}.old`, { recursive: true, force: true });
}

/** Two builds at the same time make the same, so whoever comes second tries again. */
async function putInPlace(attempts = 5) {
  try {
    await mkdir('dist', { recursive: true });
    await rename('dist', `${fresh}.old`);
    await rename(fresh, 'dist');
  } catch (error) {
    if (attempts === 0) throw error;
    await rm(`${fresh}.old`, { recursive: true, force: true });
    await putInPlace(attempts - 1);
  }
}
