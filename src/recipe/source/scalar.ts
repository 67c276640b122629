import { Scalar } from 'yaml';
import type { Code } from '../../codes.ts';
import { hasSecretShape } from '../../secret.ts';
import { unprintableIn } from '../text.ts';
import { expand } from './environment.ts';
import { type Path, type Place, pathText } from './place.ts';
import { say, type Walk } from './walk.ts';

/** Text with its environment variables filled in, and held against what no text of a recipe may be; others as they are. */
export function convertScalar(node: Scalar, place: Place, path: Path, walk: Walk): unknown {
  if (typeof node.value !== 'string') return node.value;
  if (walk.following > 0) walk.characters += node.value.length;
  if (node.type === Scalar.BLOCK_LITERAL) markBlock(node, place);
  const fault = (code: Code, message: string) => {
    place.faulty = true;
    say(walk, code, place.offset, `${pathText(path)}: ${message}`);
  };
  const text = expand(node.value, walk.environment, path[0] === 'policies', (message) => fault('recipe-env', message));
  const found = unprintableIn(text, holdsLines(path) ? 'block' : 'line');
  if (hasSecretShape(text))
    fault('recipe-value', 'this looks like a token or a private key; none may stand in a recipe');
  else if (found?.character === '\\u000a') fault('recipe-value', 'this value must be one line');
  else if (found) fault('recipe-value', `the text holds the control character ${found.character}`);
  return text;
}

/** Only these may have several lines. */
function holdsLines(path: Path): boolean {
  return path.includes('hcl') || path.includes('pem_keys') || path.includes('bound_service_account_namespace_selector');
}

/** Finds where the lines of a `|` block begin, so that a mistake inside can be shown on its own line. */
function markBlock(node: Scalar, place: Place): void {
  const { text } = place.source;
  const content = text.indexOf('\n', place.offset) + 1;
  if (content === 0 || typeof node.value !== 'string') return;
  const firstLine = /^.*\S.*$/m.exec(text.slice(content))?.[0] ?? '';
  const firstOfValue = /^.*\S.*$/m.exec(node.value)?.[0] ?? '';
  place.block = { offset: content, indent: Math.max(0, firstLine.trimEnd().length - firstOfValue.trimEnd().length) };
}
