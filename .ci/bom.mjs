import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import isExpression from 'spdx-expression-parse';

/**
 * CycloneDX JSON of exactly the packages inside the bundle. No time and no serial number: the same sources make the
 * same file.
 */
export function billOfMaterials({ name, version, license }, packages) {
  const bom = new Models.Bom();
  const root = component({ name, version, license }, Enums.ComponentType.Application);
  for (const one of packages) {
    const part = component(one, Enums.ComponentType.Library);
    bom.components.add(part);
    root.dependencies.add(part.bomRef);
  }
  bom.metadata.component = root;
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return `${new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function component({ name: full, version, license, homepage, integrity }, type) {
  const [group, name] = full.startsWith('@') ? full.split('/') : [undefined, full];
  const purl = new PackageURL('npm', group, name, version).toString();
  const part = new Models.Component(type, name, { group, version, bomRef: purl, purl });
  part.licenses.add(licence(license));
  if (integrity?.startsWith('sha512-')) {
    const digest = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
    part.hashes.set(Enums.HashAlgorithm['SHA-512'], digest);
  }
  if (homepage)
    part.externalReferences.add(new Models.ExternalReference(homepage, Enums.ExternalReferenceType.Website));
  return part;
}

function licence(text) {
  if (/^[\w.+-]+$/.test(text)) return new Models.SpdxLicense(text);
  isExpression(text);
  return new Models.LicenseExpression(text);
}
