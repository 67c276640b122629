import { pagesFor } from '../../wizard/pages/index.ts';
import type { WizardQuestion } from '../../wizard/question.ts';

export const questions: WizardQuestion[] = pagesFor({}).flatMap((page) => page.questions);
