import { SystemError } from '../../errors.ts';
import { vault } from '../../model/commands.ts';

/** Vault does not tell these apart. */
export function unwrappedBefore(said: string): SystemError {
  return new SystemError({
    code: 'wrapping-token-used',
    subject: 'wrapping token',
    message: `the wrapping token was already used, is past its end, or is none: Vault says ${said}`,
    fix: [
      {
        why: 'if nobody of yours used it, somebody else holds what was in it: look in the audit log, and revoke it',
      },
      { why: 'ask for a new one', command: vault('token create', [], { 'wrap-ttl': '2m', policy: 'NAME' }) },
    ],
  });
}
