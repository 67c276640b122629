import { type Tree, valueIn } from '../../recipe/tree.ts';
import type { Page } from '../question.ts';
import { accountsPage } from './accounts.ts';
import { authPage } from './auth.ts';
import { clusterPage } from './cluster.ts';
import { expectPage } from './expect.ts';
import { recipePage } from './recipe.ts';
import { secretsPage } from './secrets.ts';

/** The pages after the connection to Vault, in order; three for each role of the recipe. */
export function pagesFor(answers: Tree): Page[] {
  const roles = valueIn(answers, ['roles']);
  const count = Math.max(1, Array.isArray(roles) ? roles.length : 0);
  const each = Array.from({ length: count }, (_, index) => [
    accountsPage(index),
    secretsPage(index),
    expectPage(index),
  ]);
  return [clusterPage, authPage, ...each.flat(), recipePage];
}
