import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Io } from '../../model/io.ts';
import type { Reported } from '../../output/reports/reported.ts';

/** The same with the paths that GitHub and GitLab know: relative to the repository, however the recipe was named. */
export function inRepository(io: Io, { report, files }: Reported): Reported {
  const root = rootOf(io);
  const place = (file: string) => (file === '-' ? file : (below(root, resolve(io.cwd, file)) ?? file));
  const findings = report.findings.map((one) =>
    one.at ? { ...one, at: { ...one.at, file: place(one.at.file) } } : one,
  );
  return { report: { ...report, findings }, files: files.map(place) };
}

function rootOf({ env, cwd }: Io): string {
  const said = env['GITHUB_WORKSPACE'] || env['CI_PROJECT_DIR'];
  return said && below(said, cwd) !== undefined ? said : (checkoutAbove(cwd) ?? cwd);
}

function checkoutAbove(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : checkoutAbove(above);
}

/** Undefined for what lies elsewhere. */
function below(root: string, path: string): string | undefined {
  const way = relative(root, path);
  return way.startsWith('..') || resolve(way) === way ? undefined : way.split(sep).join('/');
}
