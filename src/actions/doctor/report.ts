import { accessFindings, tooWide } from '../../causes/access.ts';
import { chainOf } from '../../causes/chain.ts';
import { claimsOf } from '../../causes/claims.ts';
import { type Diagnosis, diagnose, isSurer } from '../../causes/diagnose.ts';
import { expectationOf, placeOf } from '../../causes/place.ts';
import { driftOf } from '../../causes/suspicions/drift.ts';
import { testedWith } from '../../causes/tested.ts';
import { couldNotLook, unknownsOf } from '../../causes/unknowns.ts';
import { warningsOf } from '../../causes/warnings/index.ts';
import { causes, codes } from '../../codes.ts';
import type { Position } from '../../errors.ts';
import { type Examination, known } from '../../facts/examination.ts';
import { isAbsentUnasked, refusalOf } from '../../facts/refusal.ts';
import { accountAddress, authAddress, roleAddress } from '../../model/addresses.ts';
import { shownFix } from '../../model/printed.ts';
import { type Finding, finding, findingOf, type Report, report } from '../../model/report.ts';
import { untried } from '../../model/untried-login.ts';
import type { Recipe } from '../../recipe/recipe.ts';

/** A diagnosis, and where the recipe says what it is about. */
interface Placed extends Diagnosis {
  at: Position | null;
}

/** What was found out, as the one report: causes first, then warnings, then what could not be looked at. */
export function doctorReport(examinations: Examination[], recipe: Recipe | undefined, written: Finding[] = []): Report {
  const diagnosed = examinations.map((x) => ({ x, causes: diagnose(x).map((one) => placed(x, one)) }));
  const named = withDrift(unexplainedDrift(distinct(diagnosed.flatMap((one) => one.causes))), examinations);
  // What is named as a cause is not told again as what could not be looked at.
  const unknowns = examinations
    .flatMap(unknownsOf)
    .filter(
      ({ code }) => !named.some(({ cause }) => cause === code) && !(code === 'login-refused' && named.length > 0),
    );
  const findings = [
    ...written,
    ...once(examinations.flatMap(claimsOf)),
    ...diagnosed.flatMap(healthy),
    ...once(examinations.flatMap(accessFindings)),
    ...named.map(causeFinding),
    ...otherDrift(named, examinations),
    ...once(examinations.flatMap(warnings)).filter(
      ({ code, subject }) => code !== 'probe-left' || !written.some((one) => one.subject === subject),
    ),
    ...examinations.flatMap((x) => known(x.probe)?.left ?? []).map((problem) => findingOf(problem, 'warning')),
    ...once(unknowns.map((problem) => findingOf(problem, 'skipped'))),
  ];
  const chain = diagnosed.flatMap((one) => chainOf(one.x, one.causes) ?? []);
  const shown = named.map(({ cause, certainty, subject, evidence, fix }) => ({
    cause,
    certainty,
    subject,
    evidence,
    fix: fix.map(shownFix),
  }));
  return report({ command: 'doctor', findings, chain, causes: shown, recipe });
}

function placed(x: Examination, one: Diagnosis): Placed {
  return { ...one, at: placeOf(x, { ...one, code: one.cause }) ?? null };
}

function warnings(x: Examination): Finding[] {
  return warningsOf(x).map((problem) => {
    const at = placeOf(x, problem);
    return findingOf({ ...problem, ...(at && { at }) }, 'warning');
  });
}

/** What differs from the recipe at roles and policies that no login was tried with, when nothing else is wrong. */
function withDrift(causes: Placed[], examinations: Examination[]): Placed[] {
  if (causes.some(({ cause }) => cause !== 'drift')) return causes;
  return distinct([...causes, ...allDrift(examinations)]);
}

/** What differs and is told with the cause of one login is no second cause of another's. */
function unexplainedDrift(causes: Placed[]): Placed[] {
  const told = causes.flatMap(({ cause, subject, explains = [] }) => (cause === 'drift' ? [] : [subject, ...explains]));
  const isTold = ({ cause, subject, evidence }: Placed) =>
    cause === 'drift' && told.includes(subject) && evidence.every(({ experiment }) => experiment === 'plan');
  return causes.filter((one) => !isTold(one));
}

/** Beside a cause, what else differs from the recipe is told and not called the cause. */
function otherDrift(causes: Diagnosis[], examinations: Examination[]): Finding[] {
  const told = new Set(causes.flatMap(({ subject, explains = [] }) => [subject, ...explains]));
  return allDrift(examinations)
    .filter(({ subject }) => !told.has(subject))
    .map(({ subject, evidence, fix, at }) => {
      const message = `is not as the recipe has it: ${evidence.map(({ said }) => said).join('; ')}`;
      return finding({ code: 'drift', subject, status: 'warning', message, fix, at });
    });
}

/** The recipe is compared once, for all its logins. */
function allDrift([x]: Examination[]): Placed[] {
  return x ? (known(x.drift) ?? []).map((one) => placed(x, driftOf(x, one))) : [];
}

/** A login, or a mount where no role was given, at which nothing is wrong. */
function healthy({ x, causes: named }: { x: Examination; causes: Diagnosis[] }): Finding[] {
  if (named.length > 0 || isAbsentUnasked(x) || couldNotLook(x) || tooWide(x).length > 0) return [];
  const { mount, role, stranger, jwt } = x.patient;
  if (stranger) return [refused(x)];
  const who = x.account.tried ? accountAddress(x.account.tried) : 'the given token';
  const untried = jwt ? 'the given token, to Kubernetes; no login was tried (--role)' : authAddress(mount);
  const subject = role === undefined ? untried : `${who} as ${roleAddress(mount, role)}`;
  const { milliseconds } = x;
  const at = expectationOf(x)?.at ?? null;
  const tested = testedWith(x);
  const message = `${codes.healthy}${tested === '' ? '' : `: ${tested}`}`;
  return [finding({ code: 'healthy', subject, status: 'ok', message, milliseconds, at })];
}

/** Only called where nothing is wrong: it is refused because the role does not bind it, or there is no such account. */
function refused(x: Examination): Finding {
  const { mount, role } = x.patient;
  const said = refusalOf(x)?.said;
  const who = x.account.tried ? accountAddress(x.account.tried) : '(unknown)';
  return finding({
    code: said === undefined ? 'service-account-missing' : 'login-refused',
    subject: `${who} as ${roleAddress(mount, role)}`,
    status: said === undefined ? 'skipped' : 'ok',
    message: said === undefined ? untried : `is refused, as it should be: ${said}`,
    at: expectationOf(x)?.at ?? null,
  });
}

function once(findings: Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [`${one.code} ${one.subject}`, one])).values()];
}

/** Several logins broken by one thing have one cause, as certain as the surest of them says. */
function distinct(causes: Placed[]): Placed[] {
  const found = new Map<string, Placed>();
  for (const one of causes) {
    const before = found.get(`${one.cause} ${one.subject}`);
    if (!before || isSurer(one, before)) found.set(`${one.cause} ${one.subject}`, one);
  }
  return [...found.values()];
}

function causeFinding({ cause, subject, evidence, fix, at }: Placed): Finding {
  return finding({ code: cause, cause, subject, status: 'failed', message: causes[cause], evidence, fix, at });
}
