/**
 * Whether every request path that the one policy path is about is one that the other is about too, as the servers match
 * them (evaluate.ts). `true` is proved; `false` may also mean that it could not be.
 */
export function contains(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  const [wide, narrow] = [shapeOf(outer), shapeOf(inner)];
  if (!wide.segmented) return wide.prefix && surely(narrow).startsWith(wide.fixed);
  if (narrow.prefix && !wide.prefix) return false;
  const [wanted, given] = [wide.fixed.split('/'), narrow.fixed.split('/')];
  if (wide.prefix ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((segment, index) =>
    covers(segment, given[index] ?? '', {
      plus: narrow.segmented,
      begins: wide.prefix && index === wanted.length - 1,
    }),
  );
}

/** A template in a path can become anything, so all that begins as it does counts. */
export function widened(path: string): string {
  const template = path.search(/\{\{|\$\{/);
  return template === -1 ? path : `${path.slice(0, template)}*`;
}

export interface Shape {
  /** `+` stands for a segment in it. */
  segmented: boolean;
  /** It ends in `*`. */
  prefix: boolean;
  /** Without that `*`. */
  fixed: string;
}

export function shapeOf(path: string): Shape {
  const prefix = path.endsWith('*');
  const segmented = path === '+' || path.startsWith('+/') || path.includes('/+');
  return { segmented, prefix, fixed: prefix ? path.slice(0, -1) : path };
}

/** How all paths that it is about begin. */
function surely({ segmented, fixed }: Shape): string {
  if (!segmented) return fixed;
  const segments = fixed.split('/');
  const plus = segments.indexOf('+');
  return plus === -1
    ? fixed
    : segments
        .slice(0, plus)
        .map((segment) => `${segment}/`)
        .join('');
}

/** `begins`: the outer segment is the last before a `*`, so what it begins is enough. */
function covers(outer: string, inner: string, { plus, begins }: { plus: boolean; begins: boolean }): boolean {
  if (outer === '+') return true;
  if (plus && inner === '+') return begins && outer === '';
  return begins ? inner.startsWith(outer) : inner === outer;
}
