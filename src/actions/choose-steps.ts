import type { Step } from '../contracts/step.ts';
import { InputError, type Problem } from '../errors.ts';
import { vaultbind } from '../model/commands.ts';
import { didYouMean, nearest } from '../recipe/suggest.ts';
import { steps } from '../steps/index.ts';

interface Selection {
  only: string[];
  skip: string[];
}

/** What --only and --skip name that is no step; and that they leave none. */
export function unknownSteps({ only, skip }: Selection): InputError | undefined {
  const [first, ...rest] = [...only, ...skip].filter((name) => !find(name)).map(unknownStep);
  if (first) return new InputError(first, ...rest);
  if (chosenSteps({ only, skip }).size > 0) return undefined;
  const said =
    only.length > 0 ? `--only ${only.join(', ')} and --skip ${skip.join(', ')}` : `--skip ${skip.join(', ')}`;
  return new InputError({
    code: 'usage',
    subject: '--skip',
    message: `${said} leave no step to do`,
    fix: [{ why: 'leave one of them out; the steps are', command: vaultbind('step') }],
  });
}

/** Names of the steps that --only and --skip leave. */
export function chosenSteps({ only, skip }: Selection): Set<string> {
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
    fix: [{ why: 'list the steps', command: vaultbind('step') }],
  };
}
