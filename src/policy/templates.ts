/** A path cut at its templates, `{{…}}`: text stands at even places, what is inside of one at odd ones, trimmed. Linear. */
function cut(path: string): string[] {
  const parts: string[] = [];
  let done = 0;
  for (;;) {
    const open = path.indexOf('{{', done);
    const close = open === -1 ? -1 : path.indexOf('}}', open + 2);
    if (close === -1) break;
    parts.push(path.slice(done, open), path.slice(open + 2, close).trim());
    done = close + 2;
  }
  return [...parts, path.slice(done)];
}

/** What stands around the templates of a path. */
export function aroundTemplates(path: string): string[] {
  return cut(path).filter((_, index) => index % 2 === 0);
}

/** What stands in the templates of a path. */
export function templatesIn(path: string): string[] {
  return cut(path).filter((_, index) => index % 2 === 1);
}

/** The path with no blanks around what its templates hold: the servers take them off. */
export function withTightTemplates(path: string): string {
  return cut(path)
    .map((part, index) => (index % 2 === 1 ? `{{${part}}}` : part))
    .join('');
}
