import type { Problem, VaultbindError } from '../errors.ts';
import { type ShownFix, shownFix } from '../model/printed.ts';
import { commandsOf, fixLines, positionText } from './human.ts';
import { fitted } from './layout/fit.ts';
import { brush, type Style } from './layout/paint.ts';
import { plain } from './layout/plain.ts';

/** An error that ended a run, for stderr: every problem with its place, its evidence and the way out. */
export function problemsText(error: VaultbindError, style: Style): string {
  const problems = plain(error.problems.map((one) => ({ ...one, fix: (one.fix ?? []).map(shownFix) })));
  const text = `${problems.map((problem) => problemText(problem, style)).join('\n')}\n`;
  return fitted(text, style, commandsOf(problems));
}

type ShownProblem = Omit<Problem, 'fix'> & { fix: ShownFix[] };

function problemText(problem: ShownProblem, style: Style): string {
  const { chalk } = brush(style);
  const { severity = 'error' } = problem;
  const paint = severity === 'error' ? chalk.red : chalk.yellow;
  const place = problem.at ? `${positionText(problem.at)}: ` : '';
  const subject = problem.subject !== '' && !problem.message.includes(problem.subject) ? `${problem.subject}: ` : '';
  return [
    `${place}${paint(`${severity} ${problem.code}`)}  ${subject}${problem.message}`,
    ...(problem.evidence ?? []).map(({ experiment, said }) => chalk.dim(`      ${experiment}: ${said}`)),
    ...problem.fix.flatMap(({ why, command }) => fixLines(why, command)),
  ].join('\n');
}
