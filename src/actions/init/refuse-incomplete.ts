import { InputError, type Problem } from '../../errors.ts';
import type { Io } from '../../model/io.ts';
import { openQuestion } from '../../wizard/converse.ts';
import { bothConnections } from '../connections.ts';
import type { RecipeDraft } from './draft.ts';
import { questions } from './questions.ts';
import type { InitRequest } from './request.ts';

/** Without anybody to ask: all that is missing at once, before anything is contacted. Errors: InputError. */
export async function refuseIfIncomplete(io: Io, options: InitRequest, draft: RecipeDraft): Promise<void> {
  const open = questions.filter(({ choose, flag }) => choose && draft.text === undefined && !options.answers.has(flag));
  const problems = [...(await connectionProblems(io, options)), ...open.map(openQuestion)];
  InputError.throwAny(problems);
}

async function connectionProblems(io: Io, options: InitRequest): Promise<Problem[]> {
  try {
    await bothConnections(io, undefined, options);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}
