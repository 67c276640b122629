import { word } from '../../shell.ts';
import type { ConnectOptions } from '../options.ts';

export interface InitOptions extends ConnectOptions {
  yes?: boolean;
  writeOnly?: boolean;
  /** The flags that answer questions, as commander names them. */
  [answer: string]: unknown;
}

/** The one line that does it again without questions, e.g. in a pipeline. */
export function howToRunAgain(file: string, { vaultAddr, clusterHost }: InitOptions, namespace: string): string {
  const words = [
    `VAULT_ADDR=${word(vaultAddr ?? '')}`,
    ...(namespace === '' ? [] : [`VAULT_NAMESPACE=${word(namespace)}`]),
    `vaultbind apply -f ${word(file)} --yes`,
    ...(clusterHost === undefined ? [] : [`--cluster-host ${word(clusterHost)}`]),
  ];
  return `\nto do it again, e.g. in a pipeline (with a token in VAULT_TOKEN):\n  ${words.join(' ')}\n`;
}
