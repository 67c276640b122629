import type { Fix } from '../errors.ts';
import { policiesAddress } from './addresses.ts';
import { vault } from './commands.ts';
import type { Left } from './ledger.ts';

/** What may be left in one sentence, without the way to end it. */
export function leftInWords(left: Left): string {
  const { kind, state, lives } = left;
  const it = nameOf(left);
  if (state === 'batch') return `${it} is a batch token, which ends by itself after ${lives}`;
  const isToken = kind !== 'child policy' && kind !== 'scratch mount';
  if (state !== 'made')
    return `${it} may be there: no answer came to ${asking(left)} that rules it out${isToken ? `; it is good for up to ${lives}` : ''}`;
  return isToken ? `${it} could not be revoked and is good for up to ${lives}` : `${it} could not be removed`;
}

/** The same while it is still to be ended. */
export function standingInWords(left: Left): string {
  const { accessor, lives, state } = left;
  const known = accessor === '' ? '' : `, accessor ${accessor}`;
  const asked = state === 'asked' || state === 'lost' ? `, asked for and not yet answered` : '';
  return `${nameOf(left)}${known}${asked}, good for up to ${lives}`;
}

/** What was to be ended, and is. */
export function endedInWords(left: Left): string {
  return nameOf(left);
}

/** How it is ended by hand; undefined for a token that nobody can name. */
export function endingOf({ kind, at, accessor, state }: Left): Fix | undefined {
  if (kind === 'child policy')
    return { why: 'to remove it', command: vault('policy delete', [at.replace(`${policiesAddress}/`, '')]) };
  if (kind === 'scratch mount')
    return { why: 'to remove it', command: vault('auth disable', [at.replace('sys/auth/', '')]) };
  if (accessor === '' || state === 'batch') return undefined;
  return { why: 'to end it now', command: vault('token revoke', [accessor], { accessor: true }) };
}

function nameOf({ kind, at, who }: Left): string {
  switch (kind) {
    case 'workload token':
      return `the token of ${who} (login at ${at.replace(/\/login$/, '')})`;
    case 'login token':
      return `the token of the login at ${at.replace(/\/login(\/[^/]*)?$/, '')}`;
    case 'child token':
      return 'the child token';
    case 'child policy':
      return 'the policy of the child token';
    case 'scratch mount':
      return `the scratch mount ${at.replace('sys/auth/', '')}`;
  }
}

function asking({ kind }: Left): string {
  return kind === 'workload token' || kind === 'login token' ? 'the login' : 'the request that makes it';
}
