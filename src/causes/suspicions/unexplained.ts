import type { Fix } from '../../errors.ts';
import { type Examination, isAsked, known } from '../../facts/examination.ts';
import { bareRefusal } from '../../facts/refusal.ts';
import { accountText } from '../../model/account.ts';
import { authAddress, configAddress } from '../../model/addresses.ts';
import { joined, outputOf, pair, vault, vaultbind } from '../../model/commands.ts';
import type { Family, Suspected } from '../cause.ts';
import { fixesOf } from '../literals/index.ts';

/** A bare refusal that nothing seen explains: what remains, and the one look that would decide. */
export const unexplained: Family = (x) => {
  if (!bareRefusal(x)) return [];
  const overheard = known(x.login)?.overheard;
  const lines = overheard?.listened ? overheard.lines : [];
  const silent = overheard?.listened
    ? `Vault's log says ${lines.join('; ') || 'nothing of this login'}`
    : `Vault's log was not heard: ${overheard?.because ?? 'there was no login'}`;
  if (overheard?.listened && lines.length === 0) return [disabledEntity(x)];
  const decide = { why: 'what would decide: read on sys/monitor for this token, then run doctor again' };
  const one = (cause: Suspected['cause'], said: string): Suspected => ({
    cause,
    certainty: 'possible',
    subject: configAddress(x.patient.mount),
    evidence: [
      { experiment: 'observed-login', said: '403 permission denied' },
      { experiment: "Vault's log", said: `${silent}; ${said}` },
    ],
    fix: [...fixesOf(cause, x), ...(overheard?.listened ? [] : [decide]), ...(isAsked(x.probe) ? [] : [probe(x)])],
  });
  return [
    one('reviewer-token-revoked', 'the stored reviewer token cannot be read back, and may be another one'),
    one('host-unreachable', 'Vault may not reach the API server from where it stands'),
  ];
};

function probe({ patient: { recipe, mount, role } }: Examination): Fix {
  const who = recipe ? { f: recipe.files } : { mount, role, reviewer: 'NAMESPACE/NAME' };
  const why = 'or let it be found out by logins at scratch mounts, which are removed again';
  return { why, command: vaultbind('doctor', { probe: true, ...who }) };
}

/** Whatever goes wrong with a review, Vault writes a line of it. Of a disabled entity it says nothing. */
export function disabledEntity(x: Examination): Suspected {
  const { mount } = x.patient;
  const who = x.account.tried ? accountText(x.account.tried) : 'the given token';
  return {
    cause: 'entity-disabled',
    certainty: 'likely',
    subject: `identity entity of ${who} at ${authAddress(mount)}`,
    evidence: [
      { experiment: 'observed-login', said: '403 permission denied' },
      { experiment: "Vault's log", said: 'nothing of this login, as of one that was reviewed well' },
    ],
    fix: [enabled(x)],
  };
}

/** Its alias is named by the account's UID, unless the role says otherwise. */
function enabled(x: Examination): Fix {
  const accessor = known(x.mount.found)?.accessor;
  const uid = known(x.account.found)?.uid;
  const why = 'if nobody meant it, enable the entity again';
  const byUid = String(known(x.role.stored)?.['alias_name_source'] ?? '').replace('serviceaccount_uid', '') === '';
  const alias = byUid ? uid : x.account.tried && `${x.account.tried.namespace}/${x.account.tried.name}`;
  if (accessor === undefined || alias === undefined) return { why };
  const named = [pair('alias_name', alias), pair('alias_mount_accessor', accessor)];
  const found = vault('write', ['identity/lookup/entity', ...named], { field: 'id' });
  return {
    why,
    command: vault('write', [joined('identity/entity/id/', outputOf(found)), pair('disabled', 'false')]),
  };
}
