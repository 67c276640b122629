import { InputError } from '../../errors.ts';
import type { PermissionCommand } from '../../model/rights.ts';
import type { ChildRights } from '../../operator/child/child.ts';
import { scratchRules } from '../../proof/scratch-mount.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { childPolicy } from '../permissions/child-policy.ts';
import type { ChildRequest } from '../requests.ts';

/** Undefined: the token is worked with as it is. Errors: InputError without a recipe, which alone says what it needs. */
export function childRights(
  { childToken, childPolicy: policies = [], probe }: ChildRequest,
  command: PermissionCommand,
  recipe: Recipe | undefined,
): ChildRights | undefined {
  if (policies.length > 0) return { policies };
  if (!childToken) return undefined;
  if (recipe) return { rules: [childPolicy(command, recipe), ...(probe ? scratchRules : [])].join('\n') };
  throw new InputError({
    code: 'usage',
    subject: '--child-token',
    message: 'the rights of a child token come from a recipe, and none was given',
    fix: [{ why: 'name it with -f, or a policy with --child-policy' }],
  });
}
