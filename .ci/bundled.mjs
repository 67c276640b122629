import { readdir, readFile } from 'node:fs/promises';

/**
 * The packages of which something is inside the bundle, by the bundler's own account, sorted by name and version:
 * `{ name, version, license, author, homepage, integrity, texts }`. `texts` are the licence and notice files.
 */
export async function bundledPackages(metafile) {
  const locked = JSON.parse(await readFile('package-lock.json', 'utf8')).packages;
  const folders = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
      const folder = bytesInOutput > 0 && /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
      if (folder) folders.add(folder);
    }
  }
  const packages = await Promise.all([...folders].map((folder) => describe(folder, locked[folder])));
  return packages.sort((a, b) => `${a.name} ${a.version}`.localeCompare(`${b.name} ${b.version}`, 'en'));
}

async function describe(folder, lock) {
  const { name, version, license, licenses, homepage } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, 'utf8')));
  return {
    name,
    version,
    license: expression(license ?? licenses, folder),
    homepage,
    integrity: lock?.integrity,
    texts,
  };
}

/** Packages of old give a list of what one may choose from, not always in SPDX's words. */
function expression(declared, folder) {
  if (typeof declared === 'string') return declared;
  if (!Array.isArray(declared)) throw new Error(`${folder} does not say under which licence it stands`);
  return declared.map(({ type }) => (type === 'Public Domain' ? 'LicenseRef-Public-Domain' : type)).join(' OR ');
}
