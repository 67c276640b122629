import type { Renderer } from './reported.ts';

export interface ReportKind {
  /** For the help. */
  summary: string;
  /** The environment variable that names the file when the command line does not. Without one, it must. */
  pathFrom?: string;
  /** True: the file belongs to somebody else, and is added to. Else it is replaced. */
  appended?: boolean;
  /** What goes into the file, and what is said in the job's log besides. Loaded only when asked for. */
  load(): Promise<{ file: Renderer; log?: Renderer }>;
}

/** All kinds that `--report` knows. */
export const reportKinds = {
  junit: {
    summary: 'test results for a CI server, as JUnit XML',
    load: async () => ({ file: (await import('./junit.ts')).junit }),
  },
  sarif: {
    summary: 'what is wrong, with its place in the recipe, as SARIF 2.1.0 for code scanning',
    load: async () => ({ file: (await import('./sarif.ts')).sarif }),
  },
  github: {
    summary: "annotations in the job's log, and a step summary in the file",
    pathFrom: 'GITHUB_STEP_SUMMARY',
    appended: true,
    load: async () => ({
      file: (await import('./markdown.ts')).markdown,
      log: (await import('./github.ts')).annotations,
    }),
  },
  gitlab: {
    summary: 'what is wrong, as a GitLab code quality report',
    load: async () => ({ file: (await import('./gitlab.ts')).gitlab }),
  },
  markdown: {
    summary: 'a comment for a pull request, with the diff',
    load: async () => ({ file: (await import('./markdown.ts')).markdown }),
  },
} as const satisfies Record<string, ReportKind>;

export type ReportKindName = keyof typeof reportKinds;
