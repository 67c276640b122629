import { type Command, Option } from 'commander';
import { childPolicy } from '../../actions/permissions/child-policy.ts';
import { InputError } from '../../errors.ts';
import type { PermissionCommand } from '../../model/rights.ts';
import type { ChildRights } from '../../operator/child/child.ts';
import { scratchRules } from '../../proof/scratch-mount.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { groups } from '../help/layout.ts';

export interface ChildOptions {
  /** Work with a child of the token, limited to what the recipe needs. */
  childToken?: boolean;
  /** Names of policies that the child has instead of one made for it. */
  childPolicy?: string[];
  /** doctor --probe: the child makes scratch mounts too. */
  probe?: boolean;
}

export const childFlagTexts: [whole: [name: string, what: string], named: [name: string, what: string]] = [
  [
    '--child-token',
    'work with a child of the token that has only the rights this recipe needs, for 30 minutes at most; revoked at the end',
  ],
  ['--child-policy <name>', 'the same with a policy that is there and that the token has; repeatable'],
];

export function childFlags(command: Command): Command {
  const [whole, named] = childFlagTexts;
  return command
    .addOption(new Option(...whole).helpGroup(groups.login))
    .addOption(
      new Option(...named)
        .argParser((value: string, before: string[] = []) => [...before, value])
        .helpGroup(groups.login),
    );
}

/** Undefined: the token is worked with as it is. Errors: InputError without a recipe, which alone says what it needs. */
export function childRights(
  { childToken, childPolicy: policies = [], probe }: ChildOptions,
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
