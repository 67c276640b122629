import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type PairFault, pairFaults } from '../../http/key-pair.ts';
import type { TlsOptions } from '../../http/transport.ts';
import { Secret } from '../../secret.ts';
import { CaBundle } from '../../trust/ca-bundle.ts';
import type { PemFault } from '../../trust/pem.ts';
import { faultInWords } from '../../trust/read-ca.ts';
import type { FoundVariable, VaultEnvironment } from './environment.ts';

/** The TLS variables, in the order of the vault and bao commands: a file before bytes before a folder. */
export function readTls(environment: VaultEnvironment): TlsOptions {
  const tls: TlsOptions = { insecure: environment.flag('SKIP_VERIFY') };
  const serverName = environment.get('TLS_SERVER_NAME');
  if (serverName) tls.serverName = serverName.value;
  const ca = readCa(environment);
  if (ca !== undefined) tls.ca = ca;
  const cert = pemOf(environment, 'CLIENT_CERT');
  const key = pemOf(environment, 'CLIENT_KEY');
  if (cert && key) {
    const secret = new Secret(key.pem);
    if (checkPair(environment, cert, key.from, secret)) Object.assign(tls, { cert: cert.pem, key: secret });
  } else if ((cert || key) && bothGiven(environment) === false) {
    const [given, missing] = cert ? [cert.from, 'CLIENT_KEY'] : [key?.from, 'CLIENT_CERT'];
    wrong(
      environment,
      given,
      `is set and VAULT_${missing} is not: a client certificate needs both`,
      `set VAULT_${missing} too`,
    );
  }
  return tls;
}

interface Pem {
  pem: string;
  from: FoundVariable;
}

function readCa(environment: VaultEnvironment): CaBundle | undefined {
  const file = pemOf(environment, 'CACERT');
  if (file) return checkedCa(environment, file);
  const folder = environment.get('CACERT') ? undefined : environment.get('CAPATH');
  if (!folder) return undefined;
  try {
    return joined(environment, folder);
  } catch (error) {
    unreadable(environment, folder, error);
    return undefined;
  }
}

/** A file without a certificate is passed over, one that is not clear is not. */
function joined(environment: VaultEnvironment, folder: FoundVariable): CaBundle | undefined {
  const found: CaBundle[] = [];
  for (const path of filesBelow(folder.value)) {
    const read = CaBundle.read(readFileSync(path, 'utf8'));
    if (read instanceof CaBundle) found.push(read);
    else if (read.kind === 'unclear')
      return notClear(environment, { ...folder, name: `${folder.name} (${path})` }, read);
  }
  return found.length > 0 ? CaBundle.joined(found) : noCertificate(environment, folder);
}

/** The file that X names, else the text in X_BYTES. */
function pemOf(environment: VaultEnvironment, name: string): Pem | undefined {
  const file = environment.get(name);
  if (file) {
    try {
      return { pem: readFileSync(file.value, 'utf8'), from: file };
    } catch (error) {
      unreadable(environment, file, error);
      return undefined;
    }
  }
  const bytes = environment.get(`${name}_BYTES`);
  return bytes && { pem: bytes.value, from: bytes };
}

function bothGiven(environment: VaultEnvironment): boolean {
  const given = (name: string) => Boolean(environment.get(name) ?? environment.get(`${name}_BYTES`));
  return given('CLIENT_CERT') && given('CLIENT_KEY');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]));
}

function checkedCa(environment: VaultEnvironment, { pem, from }: Pem): CaBundle | undefined {
  const read = CaBundle.read(pem);
  if (read instanceof CaBundle) return read;
  return read.kind === 'unclear' ? notClear(environment, from, read) : noCertificate(environment, from);
}

const signs = 'give it the CA certificate that signs the certificate of Vault';

function notClear(environment: VaultEnvironment, from: FoundVariable, fault: PemFault): undefined {
  wrong(environment, from, `holds a certificate that ${faultInWords(fault)}`, fault.instead ?? signs);
}

function noCertificate(environment: VaultEnvironment, from: FoundVariable): undefined {
  wrong(environment, from, 'holds no certificate in PEM form', signs);
}

function checkPair(environment: VaultEnvironment, cert: Pem, keyFrom: FoundVariable, key: Secret): boolean {
  const faults = pairFaults(cert.pem, key);
  const told: Record<PairFault, [from: FoundVariable | undefined, what: string, why: string]> = {
    'no-certificate': [cert.from, 'holds no certificate in PEM form', 'give it the client certificate'],
    'no-key': [
      keyFrom,
      'holds no private key that can be read (PEM, without a passphrase)',
      'give it the key of the client certificate',
    ],
    'no-pair': [keyFrom, `is not the key of the certificate in ${cert.from?.name}`, 'give both of the same pair'],
  };
  for (const fault of faults) wrong(environment, ...told[fault]);
  return faults.length === 0;
}

function unreadable(environment: VaultEnvironment, from: FoundVariable, error: unknown): void {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  wrong(
    environment,
    from,
    `names ${from.value}, which cannot be read (${code})`,
    `set ${from.name} to a file you can read, or unset it`,
  );
}

function wrong(environment: VaultEnvironment, from: FoundVariable | undefined, what: string, why: string): void {
  const name = from?.name ?? '';
  environment.wrong({ code: 'usage', subject: name, message: `${name} ${what}`, fix: [{ why }] });
}
