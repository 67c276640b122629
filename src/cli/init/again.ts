import { word } from '../../shell.ts';
import type { Io } from '../command.ts';
import { loginAgain } from '../login/again.ts';
import { loginFlagsIn } from '../login/flags.ts';
import type { ConnectOptions } from '../options.ts';

export interface InitOptions extends ConnectOptions {
  yes?: boolean;
  writeOnly?: boolean;
  /** The flags that answer questions, as commander names them. */
  [answer: string]: unknown;
}

/** The one line that does it again without questions, e.g. in a pipeline. */
export function howToRunAgain({ env }: Pick<Io, 'env'>, file: string, options: InitOptions, namespace: string): string {
  const { vaultAddr, vaultToken, typedLogin, childToken, childPolicy = [] } = options;
  const flags = loginFlagsIn(options);
  const { words, needs } = vaultToken
    ? { words: [], needs: ['a token in VAULT_TOKEN'] }
    : loginAgain({ flags, env, ...(typedLogin && { typed: typedLogin }) });
  const line = [
    `VAULT_ADDR=${word(vaultAddr ?? '')}`,
    ...(namespace === '' ? [] : [`VAULT_NAMESPACE=${word(namespace)}`]),
    `vaultbind apply -f ${word(file)} --yes`,
    ...words.map(word),
    ...(childToken ? ['--child-token'] : []),
    ...childPolicy.map((name) => `--child-policy ${word(name)}`),
    ...whatItReads(options),
  ];
  const besides = needs.length === 0 ? '' : ` (with ${needs.join(' and ')})`;
  return `\nto do it again, e.g. in a pipeline${besides}:\n  ${line.join(' ')}\n`;
}

function whatItReads({ context, kubeconfig, env, ceiling, clusterHost }: InitOptions): string[] {
  const said = { context, kubeconfig, ceiling, 'cluster-host': clusterHost };
  const flags = Object.entries(said).flatMap(([flag, value]) =>
    value === undefined ? [] : `--${flag} ${word(value)}`,
  );
  return [...flags, ...env.map((name) => `--env ${word(name)}`)];
}
