import type { Workload } from './workload.ts';

/** A way that a workload gets its secrets, as manifests. */
interface ManifestKind {
  /** For the help. */
  summary: string;
  /** The manifest, whole and valid as it is. Loaded only when asked for. */
  load(): Promise<(workload: Workload) => string>;
}

/** All kinds of manifests; each is one file and one line here. */
export const manifestKinds = {
  app: {
    summary: 'a Pod whose own code logs in and reads its secrets',
    load: async () => (await import('./app.ts')).app,
  },
} as const satisfies Record<string, ManifestKind>;
