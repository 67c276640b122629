import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { beforeAll, describe, expect, it } from 'vitest';
import { build, root } from './packed.ts';

interface Component {
  group?: string;
  name: string;
  version: string;
  purl: string;
  licenses: unknown[];
  hashes: { alg: string; content: string }[];
}

let bom: string;
let components: Component[];
let licences: string;
let manifest: { devDependencies: Record<string, string>; dependencies?: unknown };

const fullName = ({ group, name }: Component) => (group ? `${group}/${name}` : name);

beforeAll(async () => {
  await build();
  const read = (path: string) => readFile(join(root, path), 'utf8');
  bom = await read('dist/sbom.cdx.json');
  components = JSON.parse(bom).components;
  licences = await read('dist/THIRD-PARTY-LICENSES.txt');
  manifest = JSON.parse(await read('package.json'));
}, 60_000);

describe('the bill of materials', () => {
  it('is valid CycloneDX 1.6', async () => {
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(bom)).toBeNull();
  });

  it('names the libraries inside, at the versions that were pinned', () => {
    const versions = new Map(components.map((component) => [fullName(component), component.version]));
    for (const name of ['@kubernetes/client-node', 'undici', 'node-vault', 'commander', 'inquirer', 'chalk', 'yaml']) {
      expect(versions.get(name), name).toBe(manifest.devDependencies[name]);
    }
  });

  it('leaves out what is not inside', () => {
    const names = components.map(fullName);
    for (const name of ['axios', 'vitest', 'esbuild', 'typescript']) expect(names).not.toContain(name);
    expect(manifest.dependencies).toBeUndefined();
  });

  it('gives each a licence, an address and a hash', () => {
    for (const { licenses, purl, version, hashes } of components) {
      expect(licenses, purl).toHaveLength(1);
      expect(purl).toMatch(/^pkg:npm\//);
      expect(purl.endsWith(`@${version}`)).toBe(true);
      expect(hashes[0]?.content, purl).toMatch(/^[0-9a-f]{128}$/);
    }
  });

  it('is of the same packages as the licence texts', () => {
    const titles = licences
      .split(`\n${'-'.repeat(100)}\n\n`)
      .slice(1)
      .map((part) => part.split('\n')[0]);
    expect(titles).toEqual(components.map((component) => `${fullName(component)} ${component.version}`).sort(byName));
    expect(licences).toContain('Apache License');
  });
});

const byName = (a: string, b: string) => a.localeCompare(b, 'en');
