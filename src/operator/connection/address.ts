import type { Problem } from '../../errors.ts';
import { exported } from '../../model/commands.ts';
import type { VaultEnvironment } from './environment.ts';

/** The address given; a mistake in it is noted in `environment`. */
export function readAddress(
  environment: VaultEnvironment,
  flag: string | undefined,
): { address: string; addressFrom: string } {
  const given = flag === undefined ? environment.get('ADDR') : { name: '--vault-addr', value: flag };
  if (given === undefined) {
    environment.wrong({
      code: 'address-missing',
      subject: 'VAULT_ADDR',
      message: 'no Vault address was given: neither --vault-addr nor VAULT_ADDR (or BAO_ADDR) is set',
      evidence: environment.differing().map(({ message }) => ({ experiment: 'environment', said: message })),
      fix: [{ why: 'name the Vault', command: exported({ VAULT_ADDR: 'https://vault.example.com:8200' }) }],
    });
    return { address: '', addressFrom: '' };
  }
  const fault = addressFault(given.value);
  if (fault) environment.wrong(addressProblem(given.name, given.value, fault));
  return { address: fault ? '' : new URL(given.value).origin, addressFrom: given.name };
}

function addressFault(value: string): string | undefined {
  if (/^unix:/i.test(value)) return 'is a unix socket, which vaultbind does not speak; give an http or https address';
  if (!/^https?:\/\//i.test(value)) return 'does not start with https:// or http://';
  if (!URL.canParse(value)) return 'is not a URL';
  const url = new URL(value);
  if (url.username || url.password) return 'holds a user name or password, which Vault does not use';
  if (url.search || url.hash) return 'has a query or fragment';
  if (url.pathname !== '/') return `has the path ${url.pathname}; vaultbind adds /v1/ itself`;
  return undefined;
}

function addressProblem(name: string, value: string, fault: string): Problem {
  const shown = value.replace(/\/\/[^/@]*@/, '//***@');
  const host = /^(?:[a-z]+:\/\/)?(?:[^/@]*@)?([^/?#]+)$/i.exec(value.replace(/(?<=[^/:])[/?#].*$/, ''))?.[1];
  const scheme = /^http:/i.test(value) ? 'http' : 'https';
  const right = `${scheme}://${host ?? 'vault.example.com:8200'}`;
  const why = 'give scheme, host and port';
  const mended = name.startsWith('--')
    ? { why: `${why}: ${name} ${right}` }
    : { why, command: exported({ [name]: right }) };
  const fix = /^unix:/i.test(value) ? [] : [mended];
  return { code: 'usage', subject: name, message: `${name} "${shown}" ${fault}`, fix };
}
