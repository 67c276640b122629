import { z } from 'zod';
import type { Position } from '../../errors.ts';
import type { Manage, Reviewer, Role } from '../recipe.ts';
import { type Objection, wrong } from '../rules/objection.ts';
import { clientJwt } from './client-jwt.ts';
import { type Around, type ReviewerMode, reviewerPath } from './mode.ts';
import { type Mode, modeNames, usualMode } from './names.ts';
import { tokenSecret } from './token-secret.ts';

/** Adding a way to review tokens is a file, its name in names.ts, and three lines here. */
export const modes = { token_secret: tokenSecret, client_jwt: clientJwt } satisfies Record<Mode, ReviewerMode>;

const meanings = modeNames.map((mode) => `${mode}: ${modes[mode].means}${mode === usualMode ? ' (default)' : ''}.`);

export const reviewerPart = z
  .strictObject({
    mode: z
      .enum(modeNames)
      .describe(`Who calls TokenReview. ${meanings.join(' ')}`)
      .optional(),
    ...tokenSecret.fields,
    ...clientJwt.fields,
  })
  .describe('Who asks Kubernetes whether a token is good.');

/** Switches of a ceiling, each of the mode's name. */
export const ceilingSwitches = { ...tokenSecret.ceiling, ...clientJwt.ceiling };

/** How a recipe says that an account of its own reviews. */
export const accountOfItsOwn = `reviewer.mode: ${usualMode}`;

type Document = z.infer<typeof reviewerPart>;

export function judgeReviewer(given: Document | undefined, around: Around): Objection[] {
  if (!given && around.manage === 'none') return [];
  if (!given) {
    const example = `{mode: ${usualMode}, service_account: default/vault-reviewer}`;
    return [wrong('recipe-missing', reviewerPath, `is missing: say who reviews tokens, e.g. ${example}`)];
  }
  const { mode = usualMode, ...fields } = given;
  const foreign = Object.entries(fields).filter(([key, value]) => value !== undefined && !(key in modes[mode].fields));
  return [
    ...foreign.map(([key]) => {
      const owners = modeNames.filter((one) => key in modes[one].fields);
      const message = `belongs to mode ${owners.join(', ')}; in ${mode} ${modes[mode].because}`;
      return wrong('recipe-conflict', [...reviewerPath, key], message);
    }),
    ...modes[mode].judge(given, around),
  ];
}

/** Whether it writes nothing on another team's mount, whose reviewer is theirs: only clients can be bound for them. */
export function isIdleOnForeignMounts({ mode = usualMode, bind_clients }: Document): boolean {
  return modes[mode].whoReviews !== 'client' || !bind_clients;
}

/** The reviewer as everything else asks for it. Rules have passed: nothing is judged here. */
export function buildReviewer(
  auth: { path: string; manage?: Manage; reviewer?: Document },
  roles: readonly Role[],
  at: Position,
): Reviewer {
  const { mode = usualMode, ...given } = auth.reviewer ?? {};
  const prefix = `vaultbind-${auth.path.replaceAll('/', '-').replaceAll('_', '-').toLowerCase()}`;
  const { whoReviews, storesToken, config } = modes[mode];
  const built = modes[mode].build(given, { roles, prefix });
  if (auth.manage !== 'none') return { mode, whoReviews, storesToken, config, ...built, at };
  const binding = whoReviews === 'client' ? built.binding : undefined;
  return { mode, whoReviews: 'others', storesToken: false, config: {}, binding, at };
}
