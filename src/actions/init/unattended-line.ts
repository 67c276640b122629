import type { Command } from '../../command.ts';
import { accountText } from '../../model/account.ts';
import { type Flags, ourFlags, vaultbind } from '../../model/commands.ts';
import type { Io } from '../../model/io.ts';
import { printed } from '../../model/printed.ts';
import { loginAgain } from '../login/login-words.ts';
import type { InitRequest } from './request.ts';

/** The one line that does it again without questions, e.g. in a pipeline. */
export function howToRunAgain(io: Pick<Io, 'env'>, file: string, options: InitRequest, namespace: string): string {
  const again = lineFor(io, vaultbind('apply', { f: file, yes: true }), options, namespace);
  return again === '' ? '' : `\nto do it again, e.g. in a pipeline${again}`;
}

/** '' when a word of it cannot be seen. */
export function lineFor({ env }: Pick<Io, 'env'>, { argv }: Command, options: InitRequest, namespace: string): string {
  const { vaultAddr, vaultToken, typedLogin, childToken, childPolicy = [] } = options;
  const flags = options.loginFlags ?? {};
  const { words, needs } = vaultToken
    ? { words: [], needs: ['a token in VAULT_TOKEN'] }
    : loginAgain({ flags, env, typed: typedLogin });
  const again: Command = {
    env: { VAULT_ADDR: vaultAddr ?? '', ...(namespace === '' ? {} : { VAULT_NAMESPACE: namespace }) },
    argv: [
      ...argv,
      ...words,
      ...ourFlags({ 'child-token': childToken || undefined, 'child-policy': childPolicy, ...whatItReads(options) }),
    ],
  };
  const line = printed(again, {});
  const besides = needs.length === 0 ? '' : ` (with ${needs.join(' and ')})`;
  return line === undefined ? '' : `${besides}:\n  ${line}\n`;
}

function whatItReads({ context, kubeconfig, env, ceiling, clusterHost, trustMount, mintFor }: InitRequest): Flags {
  const word = { 'cluster-host': clusterHost, 'trust-mount': trustMount, 'mint-for': mintFor?.map(accountText) };
  return { context, kubeconfig, ceiling, ...word, env };
}
