import { placeholder } from '../policy/placeholder.ts';
import { CaBundle } from '../trust/ca-bundle.ts';
import type { PemFault } from '../trust/pem.ts';
import { type PolicyText, policyText } from './policies.ts';
import { type Objection, wrong } from './rules/objection.ts';
import type { PolicyDocument, RecipeDocument } from './schema/index.ts';
import { isUnread, type Library, type RecipeFile } from './source/files.ts';
import { type Path, type Place, placeAt, positionInside, positionOnLine, textOf } from './source/place.ts';
import { unprintableIn } from './text.ts';

/** The files that a recipe names, read. */
export interface Loaded {
  policies: PolicyText[];
  ca?: CaBundle | PemFault;
  said: Objection[];
}

/** Of files that a recipe may name. */
export const endings = { policy: ['.hcl', '.json'], ca: ['.pem', '.crt', '.cer'] };

export function loadBeside(document: RecipeDocument, place: Place, files: RecipeFile[], library: Library): Loaded {
  const said: Objection[] = [];
  const shelf: Shelf = { place, files, library, said, left: mostOfPolicies };
  const policies = (document.policies ?? []).map((policy, index) => loadPolicy(policy, ['policies', index], shelf));
  const ca =
    document.cluster?.ca === undefined ? undefined : load(document.cluster.ca, ['cluster', 'ca'], endings.ca, shelf);
  return { policies, said, ...(ca ? { ca: CaBundle.read(ca.text) } : {}) };
}

interface Shelf {
  place: Place;
  files: RecipeFile[];
  library: Library;
  said: Objection[];
  /** Characters that the policies to come may have together. */
  left: number;
}

/** Law: all policies of a recipe together are read within seconds; one file alone may have a third of this. */
const mostOfPolicies = 3 * 1024 * 1024;

/** The text, or nothing once there was too much of them. */
function withinLimit(text: string, path: Path, shelf: Shelf): string {
  const before = shelf.left;
  // With an accessor to put in a text is read again for it.
  shelf.left -= text.includes(placeholder) ? 3 * text.length : text.length;
  if (shelf.left >= 0) return text;
  const message = 'the policies of this recipe are longer than 3 MiB together; make several recipes of it';
  if (before >= 0) shelf.said.push(wrong('recipe-value', path, message));
  return '';
}

function loadPolicy(policy: PolicyDocument, path: Path, shelf: Shelf): PolicyText {
  if (policy.file !== undefined) {
    const found = load(policy.file, [...path, 'file'], endings.policy, shelf);
    if (!found) return policyText(policy, '');
    const source = textOf(found.file, found.text);
    return policyText(policy, withinLimit(found.text, [...path, 'file'], shelf), (line, column) =>
      positionOnLine(source, line, column),
    );
  }
  const block = policy.hcl === undefined ? undefined : placeAt(shelf.place, [...path, 'hcl']);
  const text = policy.hcl === undefined ? undefined : withinLimit(policy.hcl, [...path, 'hcl'], shelf);
  return policyText(policy, text, block && ((line, column) => positionInside(block, line, column)));
}

function load(
  named: string,
  path: Path,
  allowed: readonly string[],
  { place, files, library, said }: Shelf,
): { file: string; text: string } | undefined {
  const at = placeAt(place, path);
  const recipe = files.find(({ given }) => given === at?.source.file);
  if (!recipe || at?.faulty) return undefined;
  const answer = library.beside(recipe, named, allowed);
  if (isUnread(answer)) {
    said.push(wrong(answer.code, path, `${named} ${answer.message}`));
    return undefined;
  }
  const found = unprintableIn(answer.text, 'block');
  if (!found) return answer;
  said.push(wrong('recipe-value', path, `${named} holds the control character ${found.character}`));
  return undefined;
}
