import type { Step } from '../engine/step.ts';
import { InputError, type Problem } from '../errors.ts';
import { didYouMean, nearest } from '../recipe/suggest.ts';
import { steps } from '../steps/index.ts';

/** Names of the steps that --only and --skip leave. Errors: InputError naming each unknown one. */
export function chosenSteps({ only, skip }: { only: string[]; skip: string[] }): Set<string> {
  const problems = [...only, ...skip].flatMap((name) => (find(name) ? [] : [unknownStep(name)]));
  const [first, ...rest] = problems;
  if (first) throw new InputError(first, ...rest);
  const names = steps.map(({ name }) => name).filter((name) => only.length === 0 || only.includes(name));
  return new Set(names.filter((name) => !skip.includes(name)));
}

export function stepNamed(name: string): Step {
  const step = find(name);
  if (!step) throw new InputError(unknownStep(name));
  return step;
}

function find(name: string): Step | undefined {
  return steps.find((step) => step.name === name);
}

function unknownStep(name: string): Problem {
  const near = nearest(
    name,
    steps.map((step) => step.name),
  );
  return {
    code: 'usage',
    subject: name,
    message: `there is no step ${name}${didYouMean(near)}`,
    fix: [{ why: 'list the steps', command: 'vaultbind step' }],
  };
}
