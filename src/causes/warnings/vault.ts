import type { Problem } from '../../errors.ts';
import { type Examination, known } from '../../facts/examination.ts';
import { mountAddress } from '../../model/addresses.ts';
import { vault } from '../../model/commands.ts';
import { isScratch } from '../../model/scratch-name.ts';
import { onLoopback } from '../../recipe/urls.ts';
import { type Warner, warning } from './warning.ts';

/** The server itself, and how the operator speaks to it. */
export const vaultWarnings: Warner = (x) => [...rootToken(x), ...plainHttp(x), ...devMode(x), ...leftovers(x)];

function rootToken({ vault: { operator, storage } }: Examination): Problem[] {
  if (!known(operator)?.root || known(storage) === 'inmem') return [];
  const why = 'use a token with the policies that this work needs, and revoke this one';
  return [warning('root-token', 'auth/token', 'a root token is in use', why)];
}

function plainHttp({ address }: Examination): Problem[] {
  if (!address.startsWith('http:') || onLoopback(address)) return [];
  return [
    warning('vault-plain-http', address, 'tokens and secrets cross the network readable', 'serve Vault over https'),
  ];
}

function devMode({ address, vault: { storage, operator } }: Examination): Problem[] {
  if (known(storage) !== 'inmem') return [];
  const root = known(operator)?.root ? ', and its root token is in use' : '';
  const message = `for trying out: it keeps its data in memory${root}`;
  return [{ code: 'vault-dev-mode', subject: address, message }];
}

/** A probe that was killed leaves its mount; one that still runs shows here too. */
function leftovers({ mount: { all } }: Examination): Problem[] {
  return Object.keys(known(all) ?? {})
    .filter(isScratch)
    .map((mount) =>
      warning(
        'probe-left',
        mountAddress(mount),
        'an earlier --probe that was killed left this scratch mount, unless one runs just now',
        'the next --probe removes it, or by hand',
        vault('auth disable', [mount]),
      ),
    );
}
