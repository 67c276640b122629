import type { Problem } from '../errors.ts';
import { pathText } from '../recipe/source/place.ts';
import type { Tree } from '../recipe/tree.ts';
import type { Ask } from './ask.ts';
import { pagesFor } from './pages/index.ts';
import { isAt } from './places.ts';

/** A question that was answered, and the answers before it. */
export interface Step {
  page: number;
  question: number;
  answers: Tree;
}

/** The step to take again after the whole was refused; undefined: the conversation ends. */
export async function stepBack(ask: Ask, answers: Tree, trail: Step[], problems: Problem[]): Promise<Step | undefined> {
  if (!ask.somebody || trail.length === 0) return undefined;
  for (const { message } of problems) ask.tell({ warning: message });
  const answer = await ask.choice('So it is not written.', [
    { value: 'back', name: 'go back to the first answer that it is about' },
    { value: 'end', name: 'end here' },
  ]);
  return answer === 'back' ? trail.splice(firstOf(problems, answers, trail))[0] : undefined;
}

/** The first question that decided some of it; where none did, the last. */
function firstOf(problems: Problem[], answers: Tree, trail: Step[]): number {
  const pages = pagesFor(answers);
  const found = trail.findIndex(({ page, question }) => {
    const path = pages[page]?.questions[question]?.path;
    const own = path && pathText([...path], answers);
    return own !== undefined && problems.some(({ subject }) => isAt(subject, own));
  });
  return found === -1 ? trail.length - 1 : found;
}
