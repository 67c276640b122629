#!/usr/bin/env node
// Written for any Node that knows modules, so that an old one gets a sentence and no syntax error.
const [major, minor] = process.versions.node.split('.').map(Number);
const main = new URL('../dist/main.js', import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `vaultbind needs Node.js 20.19 or newer; ${process.execPath} is ${process.version}. See https://nodejs.org/\n`,
  );
  process.exitCode = 3;
} else {
  import(main).then(({ start }) => start(), unusable);
}

function unusable(error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || error.url !== main.href) throw error;
  process.stderr.write('vaultbind is not built yet: npm run build\n');
  process.exitCode = 3;
}
