import { causes, codes } from '../../codes.ts';
import { chainOf } from '../../doctor/chain.ts';
import { claimsOf } from '../../doctor/claims.ts';
import { type Diagnosis, diagnose } from '../../doctor/diagnose.ts';
import { type Examination, known } from '../../doctor/examination.ts';
import { couldNotLook, unknownsOf } from '../../doctor/unknowns.ts';
import { warningsOf } from '../../doctor/warnings/index.ts';
import { type Finding, finding, findingOf, type Report, report } from '../../engine/report.ts';
import type { Recipe } from '../../recipe/recipe.ts';

/** What was found out, as the one report: causes first, then warnings, then what could not be looked at. */
export function doctorReport(examinations: Examination[], recipe: Recipe | undefined, written: Finding[] = []): Report {
  const diagnosed = examinations.map((x) => ({ x, causes: diagnose(x) }));
  const named = distinct(diagnosed.flatMap((one) => one.causes));
  // What is named as a cause is not told again as what could not be looked at.
  const unknowns = examinations.flatMap(unknownsOf).filter(({ code }) => !named.some(({ cause }) => cause === code));
  const findings = [
    ...written,
    ...once(examinations.flatMap(claimsOf)),
    ...diagnosed.flatMap(healthy),
    ...named.map(causeFinding),
    ...once(examinations.flatMap((x) => warningsOf(x)).map((problem) => findingOf(problem, 'warning'))),
    ...examinations.flatMap((x) => known(x.probe)?.left ?? []).map((problem) => findingOf(problem, 'warning')),
    ...once(unknowns.map((problem) => findingOf(problem, 'skipped'))),
  ];
  const chain = diagnosed.flatMap((one) => chainOf(one.x, one.causes) ?? []);
  const shown = named.map(({ stage: _, ...cause }) => cause);
  return report({ command: 'doctor', findings, chain, causes: shown, ...(recipe ? { recipe } : {}) });
}

/** A login, or a mount where no role was given, at which nothing is wrong. */
function healthy({ x, causes: named }: { x: Examination; causes: Diagnosis[] }): Finding[] {
  if (named.length > 0 || couldNotLook(x)) return [];
  const { mount, role } = x.patient;
  const who = x.tried ? `ServiceAccount ${x.tried.namespace}/${x.tried.name}` : 'the given token';
  const subject = role === undefined ? `auth/${mount}` : `${who} as auth/${mount}/role/${role}`;
  const { milliseconds = 0 } = x;
  return [finding({ code: 'healthy', subject, status: 'ok', message: codes.healthy, milliseconds })];
}

function once(findings: Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [`${one.code} ${one.subject}`, one])).values()];
}

/** Several logins broken by one thing have one cause. */
function distinct(causes: Diagnosis[]): Diagnosis[] {
  return [...new Map(causes.map((one) => [`${one.cause} ${one.subject}`, one])).values()];
}

function causeFinding({ cause, subject, evidence, fix }: Diagnosis): Finding {
  return finding({ code: cause, cause, subject, status: 'failed', message: causes[cause], evidence, fix });
}
