import { withoutTrailingSlashes } from '../model/trailing.ts';

/** A request as a workload makes it. A LIST and a SCAN always go to a path with a slash at its end. */
export interface WorkloadRequest {
  method: 'GET' | 'LIST' | 'SCAN';
  path: string;
}

/** The one request that a claim such as `list secret/metadata/app` stands for. */
export interface Claimed {
  /**
   * The path that policies are matched with and that sys/capabilities is asked for. Both servers look for a rule of a
   * LIST with the slash first and fall back to the path without it, and answer sys/capabilities of `path/` in the same
   * way: so this one path tells what they would take.
   */
  path: string;
  /** Absent: trying it would change something. */
  request?: WorkloadRequest;
}

interface Access {
  capability: string;
  path: string;
}

/** Used by all who judge a claim, from texts or from answers: so they judge the same request. */
export function requestOf({ capability, path }: Access): Claimed {
  const folder = `${withoutTrailingSlashes(path)}/`;
  if (capability === 'read') return { path, request: { method: 'GET', path } };
  if (capability === 'list') return { path: folder, request: { method: 'LIST', path: folder } };
  if (capability === 'scan') return { path: folder, request: { method: 'SCAN', path: folder } };
  return { path };
}

/** `METHOD path`, or the capability where nothing can be tried: the same for claims that stand for the same. */
export function keyOf(claim: Access): string {
  const { path, request } = requestOf(claim);
  return `${request?.method ?? claim.capability} ${path}`;
}

/** As sys/capabilities words it. */
export function holds(held: readonly string[], capability: string): boolean {
  return !held.includes('deny') && (held.includes('root') || held.includes(capability));
}
