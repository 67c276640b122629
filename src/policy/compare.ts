import { isDeepStrictEqual } from 'node:util';
import { merged } from './merge.ts';
import { describeRule } from './print.ts';
import { clearRules } from './reading/parse.ts';
import type { Meaning } from './rule.ts';

/** What a policy text says about one path, before and after. */
export interface PolicyChange {
  /** '' when a text is not clear and the whole of it is compared. */
  path: string;
  /** Fit to show, one line; undefined: the policy says nothing about the path. */
  before?: string;
  after?: string;
}

/**
 * Whether two texts mean the same to the servers: spaces, comments, order, duplicates, the old `policy =` spelling and
 * JSON against HCL do not count.
 *
 * Law: a text that is not clear, or that no server would take, is equal to itself alone, so that drift shows.
 */
export function samePolicy(a: string, b: string): boolean {
  return policyDiff(a, b).length === 0;
}

/** The paths about which two policies differ, sorted. */
export function policyDiff(a: string, b: string): PolicyChange[] {
  if (a === b) return [];
  const before = meanings(a);
  const after = meanings(b);
  if (!before || !after) return [{ path: '', before: a, after: b }];
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    if (isDeepStrictEqual(old, now)) return [];
    return [{ path, ...(old ? { before: describeRule(old) } : {}), ...(now ? { after: describeRule(now) } : {}) }];
  });
}

function meanings(text: string): Map<string, Meaning> | undefined {
  const rules = clearRules(text);
  return rules && merged(rules);
}
