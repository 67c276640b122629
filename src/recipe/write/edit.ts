import { isDeepStrictEqual } from 'node:util';
import { type Document, isCollection, parseDocument } from 'yaml';
import { isTree, type Tree, type TreePath } from '../tree.ts';
import { inOrder } from './order.ts';

/**
 * The text of a recipe with other values: only what differs is touched, so comments, order and what the wizard knows
 * nothing of stay as they are.
 */
export function editRecipe(text: string, after: Tree): string {
  return isDeepStrictEqual(treeOf(text), after) ? text : inStyleOf(text, (plain) => edited(plain, after));
}

/** With the line ends and the byte order mark that the text had. */
function inStyleOf(text: string, edit: (plain: string) => string): string {
  const plain = plainOf(text);
  const ends = text.split('\r\n').length - 1;
  const isWindows = ends * 2 >= text.split('\n').length - 1 && ends > 0;
  const after = edit(plain);
  return `${text.startsWith(byteOrderMark) ? byteOrderMark : ''}${isWindows ? after.replaceAll('\n', '\r\n') : after}`;
}

const byteOrderMark = '\uFEFF';
const plainOf = (text: string) => text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');

function edited(text: string, after: Tree): string {
  const document = parseDocument(text, { uniqueKeys: false, stringKeys: true, resolveKnownTags: false });
  const before = dataOf(document);
  change(document, [], before, after);
  const flush = text
    .split('\n')
    .some((line, index, lines) => /^- /.test(line) && /^\w+:\s*$/.test(lines[index - 1] ?? ''));
  return document.toString({ lineWidth: 0, indentSeq: !flush, flowCollectionPadding: /[[{] /.test(text) });
}

/** What a recipe file holds, read as the editor reads it; {} when it is no mapping. */
export function treeOf(text: string): Tree {
  return dataOf(parseDocument(plainOf(text), { uniqueKeys: false, stringKeys: true, resolveKnownTags: false }));
}

function dataOf(document: Document): Tree {
  const data: unknown = document.errors.length > 0 ? {} : document.toJS();
  return isTree(data) ? data : {};
}

function change(document: Document, path: TreePath, before: unknown, after: unknown): void {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  if (isTree(before) && isTree(after) && isCollection(document.getIn(path))) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      if (key in after) change(document, [...path, key], before[key], after[key]);
      else document.deleteIn([...path, key]);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after) && isCollection(document.getIn(path))) {
    for (const [index, item] of after.entries()) change(document, [...path, index], before[index], item);
    for (let index = before.length - 1; index >= after.length; index--) document.deleteIn([...path, index]);
    return;
  }
  if (path.length === 0) document.contents = document.createNode(inOrder(after));
  else put(document, path, after);
}

/** A scalar keeps the comment beside it: its value is replaced, not the node. */
function put(document: Document, path: TreePath, value: unknown): void {
  const node: unknown = document.getIn(path, true);
  const isText = typeof value !== 'object' || value === null;
  if (isText && typeof node === 'object' && node !== null && 'value' in node) node.value = value;
  else document.setIn(path, document.createNode(inOrder(value)));
}
