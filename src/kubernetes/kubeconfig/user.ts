import { Secret } from '../../secret.ts';
import { type CredentialSource, fixedCredentials, type Impersonation } from '../credentials/credentials.ts';
import { execCredentials } from '../credentials/exec-plugin.ts';
import { tokenFileCredentials } from '../credentials/token-file.ts';
import { clientCertificate } from './client-certificate.ts';
import { beside, type KubeconfigEntry, wrongEntry } from './entry.ts';
import { authProviderGone, execPlugin, type PluginSurroundings } from './exec-entry.ts';
import type { UserFields } from './schema.ts';

/**
 * How this user of a kubeconfig proves itself, with client-go's precedence: a plugin is only asked when there is
 * neither token, password nor certificate.
 * @throws InputError kubernetes-config-invalid
 */
export async function userCredentials(
  user: KubeconfigEntry<UserFields>,
  plugin: PluginSurroundings,
): Promise<CredentialSource> {
  const fields = user.value;
  if ((fields.token || fields.tokenFile) && (fields.username || fields.password)) {
    throw wrongEntry(user, 'username', 'has a token and a password; only one of them can be sent');
  }
  if (fields.token && !/^[\x21-\x7e]+$/.test(fields.token))
    throw wrongEntry(
      user,
      'token',
      `has a token ${oddIn(fields.token)}: it fits into no header`,
      'Write it on one line.',
    );
  const certificate = await clientCertificate(user);
  const named = `user "${user.name}"`;
  const token = fields.token ? new Secret(fields.token) : undefined;
  if (fields.tokenFile) {
    const path = beside(user.file, fields.tokenFile);
    return tokenFileCredentials(`token file of ${named}`, path, {
      otherwise: token,
      certificate,
      unreadable: (why) => wrongEntry(user, 'tokenFile', `names a token file that cannot be read (${path}: ${why})`),
    });
  }
  if (token) return fixedCredentials(`token of ${named}`, { ...certificate, token });
  if (fields.username || fields.password)
    return fixedCredentials(`password of ${named}`, { ...certificate, basic: password(fields) });
  if (certificate) return fixedCredentials(`client certificate of ${named}`, certificate);
  if (fields.exec && fields['auth-provider']) throw wrongEntry(user, 'exec', 'has both exec and auth-provider');
  if (fields.exec) return execCredentials(execPlugin(user, fields.exec, plugin), plugin);
  if (fields['auth-provider']) throw authProviderGone(user, fields['auth-provider'].name);
  return fixedCredentials(`no credentials (${named} has none)`, {});
}

/** What of a token is in the way, without the token. */
function oddIn(token: string): string {
  if (/[\r\n]/.test(token)) return 'with a line break (written with `|`, or with one at its end)';
  return /\s/.test(token) ? 'with a space' : 'with a character beyond ASCII, or a control character';
}

/** @throws InputError kubernetes-config-invalid */
export async function impersonation(user: KubeconfigEntry<UserFields>): Promise<Impersonation | undefined> {
  const { as, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = user.value;
  if (as) return { user: as, uid: uid || undefined, groups: groups ?? [], extra: extra ?? {} };
  if (uid || groups?.length || Object.keys(extra ?? {}).length > 0) {
    throw wrongEntry(user, undefined, 'impersonates a uid, groups or extra without a user (`as` is missing)');
  }
  return undefined;
}

function password(fields: UserFields): { username: string; password: Secret } {
  return { username: fields.username ?? '', password: new Secret(fields.password ?? '') };
}
