import { accountText } from '../../model/account.ts';
import type { Objection } from '../../recipe/rules/objection.ts';
import { beyond, type CeilingLimit } from '../ceiling.ts';
import { accountAllowed, allowed } from '../names.ts';

/** Verify has tokens minted for the accounts in `expect`, logs in with them and reads what they may read. */
export const expectations: CeilingLimit = (ceiling, { recipe: { expect } }) => {
  const { roles, expect: more } = ceiling.document;
  return expect.flatMap(({ service_account: account, role, implied }, index): Objection[] => {
    if (implied) return [];
    const known = [...(roles?.service_accounts ?? []), ...(more?.service_accounts ?? [])];
    const said: Objection[] = [];
    if (!accountAllowed(known, account))
      said.push(
        beyond(ceiling, ['expect', index, 'service_account'], `no token of ${accountText(account)} may be asked for`, [
          'expect',
          'service_accounts',
        ]),
      );
    if (!allowed(roles?.names, role))
      said.push(beyond(ceiling, ['expect', index, 'role'], `nobody may log in with role ${role}`, ['roles', 'names']));
    return said;
  });
};
