import { givenAnswers, questions } from '../../cli/init/flags.ts';
import { InputError, type Problem } from '../../errors.ts';
import type { Io } from '../../model/io.ts';
import { openQuestion } from '../../wizard/converse.ts';
import { bothConnections } from '../connections.ts';
import type { Draft } from './draft.ts';
import type { InitOptions } from './unattended-line.ts';

/** Without anybody to ask: all that is missing at once, before anything is contacted. Errors: InputError. */
export async function refuseIfIncomplete(io: Io, options: InitOptions, draft: Draft): Promise<void> {
  const given = givenAnswers(options);
  const open = questions.filter(({ choose, flag }) => choose && draft.text === undefined && !given.has(flag));
  const problems = [...(await connectionProblems(io, options)), ...open.map(openQuestion)];
  const [first, ...rest] = problems;
  if (first) throw new InputError(first, ...rest);
}

async function connectionProblems(io: Io, options: InitOptions): Promise<Problem[]> {
  try {
    await bothConnections(io, undefined, options);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}
