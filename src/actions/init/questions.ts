import { pagesFor } from '../../wizard/pages/index.ts';
import type { Question } from '../../wizard/question.ts';

export const questions: Question[] = pagesFor({}).flatMap((page) => page.questions);
