import { parseAccount } from '../../model/account.ts';
import { modes } from '../../recipe/reviewers/index.ts';
import type { ReviewerInput } from '../../recipe/reviewers/mode.ts';
import { type Mode, modeNames, usualMode } from '../../recipe/reviewers/names.ts';
import { type Tree, textIn, withValue } from '../../recipe/tree.ts';
import { foundOr } from '../look/look-once.ts';
import type { Now, Verdict, WizardQuestion } from '../question.ts';
import { impossible } from './account-verdict.ts';
import { oneOf, yesOrNo } from './words.ts';

const reviewer = ['auth', 'reviewer'] as const;

function modeOf(answers: Tree): Mode {
  const said = textIn(answers, [...reviewer, 'mode']);
  return modeNames.find((name) => name === said) ?? usualMode;
}

/** Each login's token is then shown to Kubernetes as its own, whose audience it must have. */
export function inClientReview({ answers }: Now): boolean {
  return modes[modeOf(answers)].whoReviews === 'client';
}

const mode: WizardQuestion = {
  path: [...reviewer, 'mode'],
  label: 'Who reviews',
  flag: '--reviewer-mode <mode>',
  message: 'Who asks Kubernetes whether a token is good?',
  why: 'Each login makes Vault send a TokenReview, with a token that may do so.',
  implied: () => usualMode,
  offer: () => ({
    default: usualMode,
    choices: modeNames.map((value) => ({
      value,
      says: `${value === usualMode ? 'recommended: ' : ''}${modes[value].means}`,
    })),
  }),
  judge: (value, { answers }) => {
    const chosen = modeNames.find((name) => name === value);
    if (!chosen) return oneOf(value, modeNames);
    const audience = textIn(answers, ['roles', 0, 'audience']);
    if (modes[chosen].whoReviews === 'client' && audience !== undefined)
      return { warning: `works with the audience ${audience} only if the API server accepts it; better no audience` };
    const { note } = modes[chosen];
    return note === '' ? undefined : { note };
  },
};

/** The mode, and what each mode must be told besides. */
export function reviewerQuestions(applies: (now: Now) => boolean): WizardQuestion[] {
  const more = modeNames.flatMap((name) =>
    modes[name].inputs.map((input) => ({
      ...questionOf(input),
      applies: (now: Now) => applies(now) && modeOf(now.answers) === name,
    })),
  );
  return [{ ...mode, applies }, ...more];
}

function questionOf(input: ReviewerInput): WizardQuestion {
  const { field, label, flag, message, why } = input;
  const asked = { path: [...reviewer, field], label, flag, message, why };
  return input.kind === 'account' ? { ...asked, ...askAccount(input) } : { ...asked, ...askYesNo(input) };
}

function askAccount({
  proposed,
  shared,
}: ReviewerInput & { kind: 'account' }): Pick<WizardQuestion, 'offer' | 'judge'> {
  return {
    offer: async ({ cluster }) => {
      const accounts = await cluster.accounts();
      const others = foundOr(accounts, []).filter((one) => one !== proposed && !one.endsWith('/default'));
      return {
        default: proposed,
        choices: [proposed, ...others].map((value) => ({ value })),
        open: true,
        note: 'failed' in accounts ? accounts.failed : undefined,
      };
    },
    judge: (value, now) => judgeAccount(value, now, shared),
  };
}

async function judgeAccount(value: string, { cluster, answers }: Now, shared: string): Promise<Verdict | undefined> {
  const parsed = parseAccount(value);
  const wrong = await impossible(value, cluster);
  if (wrong || !parsed) return wrong;
  const { name } = parsed;
  if (name === 'default') return { warning: shared };
  if ((await cluster.accountExists(value)) !== true) return { note: 'will be made, with a token Secret' };
  const secret = textIn(answers, [...reviewer, 'token_secret']) ?? `${name}-token`;
  return (await cluster.tokenSecretExists(value, secret)) === true
    ? { note: 'exists, with its token Secret' }
    : { note: `exists without the token Secret ${secret}, which will be made` };
}

function askYesNo({
  field,
  yes,
  no,
  warning,
}: ReviewerInput & { kind: 'yes-no' }): Omit<WizardQuestion, 'path' | 'label' | 'flag' | 'message' | 'why'> {
  const path = [...reviewer, field];
  return {
    implied: () => 'no',
    offer: () => ({ default: 'yes', choices: yesOrNo(yes, no) }),
    judge: (value) => oneOf(value, ['yes', 'no']) ?? (value === 'no' ? { warning } : undefined),
    current: (answers) => {
      const said = textIn(answers, path);
      return said === undefined ? [] : [said === 'true' ? 'yes' : 'no'];
    },
    put: ({ answers }, [value]) => withValue(answers, path, value === 'yes'),
  };
}
