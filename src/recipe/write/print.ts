import { Document, isCollection, isMap, isScalar, type Node, type Pair, visit } from 'yaml';
import type { Tree } from '../tree.ts';
import { comments } from './comments.ts';
import { inOrder } from './order.ts';

/** The first line where the schema lies beside the recipe: editors with the YAML language server complete and check by it. */
const schemaLine = ' yaml-language-server: $schema=./recipe.schema.json';

export interface PrintOptions {
  /** Lines above the recipe, without `#`. */
  head: string[];
  /** The schema lies beside it; without the file, editors complain of this line. */
  schema: boolean;
}

/** A new recipe as text, with a comment at each part that says what it is for. Reads back to the same values. */
export function printRecipe(answers: Tree, { head, schema }: PrintOptions): string {
  const document = new Document(inOrder({ version: 1, ...answers }), { aliasDuplicateObjects: false });
  document.commentBefore = [...(schema ? [schemaLine] : []), ...head.map((line) => ` ${line}`)].join('\n');
  describe(document);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function describe(document: Document): void {
  visit(document, {
    Pair: (_key, pair, ancestors) => {
      const name = keyOf(pair);
      const where = [...ancestors.flatMap((one) => ('key' in one ? keyOf(one as Pair) : [])), name].join('.');
      const comment = comments[where];
      if (isCollection(pair.value) && isShort(pair.value)) pair.value.flow = true;
      const key = pair.key as Node;
      if (comment === undefined) return;
      key.commentBefore = comment.map((line) => ` ${line}`).join('\n');
      if (ancestors.length === 2) key.spaceBefore = true;
    },
  });
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

/** Lists of a word or two stand in one line, as people write them. */
function isShort(value: Node): boolean {
  if (!isCollection(value) || isMap(value)) return false;
  const items = value.items as Node[];
  const text = items.map((item) => (isScalar(item) ? String(item.value) : undefined));
  return text.every((one) => one !== undefined && !one.includes(' ')) && text.join(', ').length <= 60;
}
