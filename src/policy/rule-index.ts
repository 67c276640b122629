import type { ServerProduct } from '../model/server-product.ts';
import { capabilitiesOf } from './evaluate.ts';
import type { Capability, PolicyRule } from './rule.ts';

/** What looking up cost, in places of an index that were visited. */
export interface LookupCost {
  steps: number;
}

/** A rule that is found is joined with the others, which takes as long as so many steps. */
const joining = 100;

/** Rules whose paths begin with the same segments. */
interface Node {
  literal: Map<string, Node>;
  /** Behind `+`. */
  any?: Node;
  /** Of paths that end here. */
  ending: PolicyRule[];
  /** Of paths that end here in the beginning of a segment and a `*`, by that beginning. */
  open: Map<string, PolicyRule[]>;
  /** How long those beginnings are. */
  lengths: Set<number>;
}

/** The rules of one policy, found by the paths that they are about without looking at each. Templates stand for themselves. */
export class RuleIndex {
  readonly #root = emptyNode();
  /** Some path holds a template, so that what is said here of a login is not certain. */
  readonly templated: boolean;

  constructor(rules: readonly PolicyRule[]) {
    for (const rule of rules) this.#add(rule);
    this.templated = rules.some(({ path }) => path.includes('{{'));
  }

  /** Those that capabilitiesOf would look at for a path. */
  about(path: string, work: LookupCost): PolicyRule[] {
    const asked = path.replace(/^\/+/, '');
    const folder = asked.replace(/\/$/, '');
    const found = new Set([...this.#matching(asked, work), ...(folder === asked ? [] : this.#matching(folder, work))]);
    work.steps += found.size * joining;
    return [...found];
  }

  #add(rule: PolicyRule): void {
    const prefix = rule.path.endsWith('*');
    const segments = (prefix ? rule.path.slice(0, -1) : rule.path).split('/');
    const last = prefix ? segments.pop() : undefined;
    let node = this.#root;
    for (const segment of segments) node = segment === '+' ? below(node) : child(node, segment);
    if (last === undefined) node.ending.push(rule);
    else open(node, last, rule);
  }

  #matching(path: string, work: LookupCost): PolicyRule[] {
    const found: PolicyRule[] = [];
    let nodes = [this.#root];
    for (const segment of path.split('/')) {
      const next: Node[] = [];
      for (const node of nodes) {
        work.steps += 1 + node.lengths.size;
        for (const length of node.lengths) found.push(...(node.open.get(segment.slice(0, length)) ?? []));
        const literal = node.literal.get(segment);
        if (literal) next.push(literal);
        if (node.any) next.push(node.any);
      }
      nodes = next;
    }
    work.steps += nodes.length;
    for (const node of nodes) found.push(...node.ending);
    return found;
  }
}

/** As capabilitiesOf of all rules of these policies together. */
export function capabilitiesIn(
  policies: readonly RuleIndex[],
  path: string,
  product: ServerProduct,
  work: LookupCost,
): Capability[] {
  work.steps += policies.length;
  return capabilitiesOf(
    policies.flatMap((policy) => policy.about(path, work)),
    path,
    product,
  );
}

function emptyNode(): Node {
  return { literal: new Map(), ending: [], open: new Map(), lengths: new Set() };
}

function child(node: Node, segment: string): Node {
  const held = node.literal.get(segment) ?? emptyNode();
  node.literal.set(segment, held);
  return held;
}

function below(node: Node): Node {
  node.any ??= emptyNode();
  return node.any;
}

function open(node: Node, beginning: string, rule: PolicyRule): void {
  const held = node.open.get(beginning);
  if (held) held.push(rule);
  else node.open.set(beginning, [rule]);
  node.lengths.add(beginning.length);
}
