import { InputError } from '../errors.ts';
import { call, kubectl } from '../model/commands.ts';
import { CaBundle } from './ca-bundle.ts';
import type { PemFault } from './pem.ts';

/** The part of the kubeconfig that holds the CA. */
const view = { raw: true, minify: true, output: 'jsonpath={.clusters[0].cluster.certificate-authority-data}' } as const;

/**
 * The CA certificates of a PEM text. Error: InputError ca-malformed.
 *
 * @param from where the text stands, e.g. `ConfigMap default/kube-root-ca.crt`; default `CA certificate`
 */
export function readCa(text: string, from = 'CA certificate'): CaBundle {
  const read = CaBundle.read(text);
  if (read instanceof CaBundle) return read;
  const named = from === 'CA certificate' ? '' : ` (${from})`;
  throw new InputError({
    code: 'ca-malformed',
    subject: from,
    message: `the CA certificate${named} ${faultInWords(read)}`,
    fix: [
      { why: read.instead ? `In the PEM, ${read.instead}.` : "Give the cluster's CA as PEM." },
      {
        why: "The cluster's CA is in the kubeconfig.",
        command: { ...kubectl('config view', [], view), into: call('base64', '-d') },
      },
    ],
  });
}

/** What is wrong, after "the CA certificate" or the like. */
export function faultInWords({ line, what, kind }: PemFault): string {
  const clear = kind === 'unclear' ? 'is not PEM that all programs read alike' : 'is not PEM';
  return `${clear}: ${line === undefined ? '' : `line ${line}: `}${what}`;
}

/** The CA certificates of a text; undefined when it cannot be read, or not with certainty. */
export function caIn(text: unknown): CaBundle | undefined {
  const read = typeof text === 'string' ? CaBundle.read(text) : undefined;
  return read instanceof CaBundle ? read : undefined;
}
