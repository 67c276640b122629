import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VaultbindError } from '../../src/errors.ts';
import { readKubernetesConnection } from '../../src/kubernetes/connect.ts';
import { hostIn } from '../../src/trust/api-host.ts';
import { caIn } from '../../src/trust/read-ca.ts';
import { samplePem } from '../trust/sample.ts';

/** What a kubeconfig means, as client-go (test/fuzz/programs/kubeconfig) and vaultbind both can say it. */
export interface Reading {
  context: string;
  user: string;
  server: string;
  ca?: string;
  serverName?: string;
  insecure?: boolean;
  /** Host and port. */
  proxy?: string;
  token?: string;
  username?: string;
  password?: string;
  as?: string;
  /** A plugin is to be run. */
  exec?: boolean;
}

/** Vaultbind's reading, or that it refuses. Anything but an error of ours is thrown. */
export async function ourReading(bytes: Buffer): Promise<Reading | 'refused'> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultbind-test-'));
  try {
    const kubeconfig = join(folder, 'config');
    writeFileSync(kubeconfig, bytes);
    const connection = await readKubernetesConnection({}, { kubeconfig });
    const { context, user, server, ca, tls, proxy, impersonate, credentials } = connection;
    const exec = /plugin/.test(credentials.description);
    const { token, basic } = exec ? {} : await credentials.current();
    return tidy({
      ...{ context, user, server, ca: ca?.pem, serverName: tls.serverName, insecure: tls.insecure },
      ...{ token: token?.reveal(), username: basic?.username, password: basic?.password.reveal() },
      ...{ proxy: proxy === 'environment' ? undefined : new URL(proxy).host, as: impersonate?.user, exec },
    });
  } catch (error) {
    if (error instanceof VaultbindError) return 'refused';
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** client-go's answer as a Reading; undefined: it refuses. Over plain http it sends nothing secret. */
export function theirReading(line: string): Reading | undefined {
  const { error, ca, exec, server, ...rest } = JSON.parse(line) as Reading & { error?: string; exec?: string };
  if (error) return undefined;
  const { token, username, password, ...plain } = rest;
  // The same host and port may be spelled in several ways.
  const bare = hostIn(server) ?? server.replace(/\/+$/, '');
  const secrets = server.startsWith('http:') ? {} : { token, username, password };
  const plugin = !server.startsWith('http:') && Boolean(exec) && !token && !username;
  return tidy({
    ...plain,
    ...secrets,
    server: bare,
    ca: ca === 'sample' ? samplePem : ca && (caIn(ca)?.pem ?? ca),
    exec: plugin,
  });
}

type Loose = { [field in keyof Reading]: Reading[field] | undefined };

function tidy(reading: Loose): Reading {
  return Object.fromEntries(Object.entries(reading).filter(([, value]) => value)) as unknown as Reading;
}

/** A good kubeconfig, to be changed. */
const good = `apiVersion: v1
kind: Config
current-context: it
clusters:
- name: it
  cluster:
    server: https://10.0.0.1:6443
    certificate-authority-data: ${Buffer.from(samplePem).toString('base64')}
users:
- name: it
  user:
    token: abc
contexts:
- name: it
  context: {cluster: it, user: it}
`;

const change = (from: string, to: string) => Buffer.from(good.replace(from, to));
const utf16 = (text: string, swap: boolean) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return swap ? bytes.swap16() : bytes;
};
const server = (text: string) => change('https://10.0.0.1:6443', text);
const cluster = (line: string) => change('    server:', `    ${line}\n    server:`);
const user = (line: string) => change('    token: abc', `    ${line}`);

/** One change each; what client-go v0.37.2 says of it stands in client-go.json. */
export const kubeconfigs: Record<string, Buffer> = {
  good: Buffer.from(good),
  'CR LF': Buffer.from(good.replaceAll('\n', '\r\n')),
  'a byte order mark': Buffer.from(`\ufeff${good}`),
  'UTF-16, little end first': utf16(good, false),
  'UTF-16, big end first': utf16(good, true),
  'bytes that are no UTF-8': Buffer.concat([Buffer.from(good), Buffer.from([0x23, 0xff, 0x0a])]),
  'three dashes at the end': Buffer.from(`${good}---\n`),
  'three dashes at the start': Buffer.from(`---\n${good}`),
  'a second document': Buffer.from(`${good}---\nkind: Pod\n`),
  'a second document that is broken': Buffer.from(`${good}---\n[\n`),
  'an exec variable without a value': user(
    'exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Never, env: [{name: A}, {name: B, value: }]}',
  ),
  'a cluster without a name': change('clusters:\n', 'clusters:\n- cluster: {server: https://other}\n'),
  'two clusters without a name': change('clusters:\n', 'clusters:\n- cluster: {}\n- cluster: {}\n'),
  'an empty kind and version': Buffer.from(good.replace('v1\n', '""\n').replace('Config\n', '""\n')),
  'another kind': change('kind: Config', 'kind: Pod'),
  'a key twice': change('    token: abc', '    token: abc\n    token: def'),
  'a list twice': Buffer.from(`${good}users: []\n`),
  'a name twice': change('users:\n', 'users:\n- name: it\n'),
  'a reference': change('    token: abc', '    token: &t abc\n    as: *t'),
  'a merge': change('    token: abc', '    <<: {token: def, as: me}\n    token: abc'),
  'a merge of a list': change('    token: abc', '    <<: [{token: a}, {token: b}]'),
  'a reference to nothing': change('token: abc', 'token: *nothing'),
  'yes for true': cluster('insecure-skip-tls-verify: no'),
  'a number for a token': change('token: abc', 'token: 123'),
  'a number in quotes': change('token: abc', 'token: "123"'),
  'a date for a token': change('token: abc', 'token: 2020-01-01'),
  'a token with a tag': change('token: abc', 'token: !!str 123'),
  'a token in bytes': change('token: abc', 'token: !!binary YWJj'),
  'null for a token': change('token: abc', 'token: ~'),
  'a key of another case': change('token: abc', 'Token: abc'),
  'an unknown key': change('token: abc', 'token: abc\n    colour: [1]'),
  'a port in capitals and zeros': server('HTTPS://API.test:0443'),
  'a path': server('https://10.0.0.1/k8s/clusters/c-1/'),
  'a query': server('https://10.0.0.1/?x=1'),
  'no scheme': server('10.0.0.1:6443'),
  'a user in the server': server('https://me@10.0.0.1'),
  'a backslash in the server': server('https://10.0.0.1\\@evil.test'),
  'a space before the server': server('" https://10.0.0.1"'),
  'a number for the server': server('https://2130706433'),
  'a dot at the end of the server': server('https://api.test.'),
  'an alphabet of another in the server': server('https://münchen.test'),
  'plain http': Buffer.from(good.replace('https:', 'http:').replace(/.*authority.*\n/, '')),
  'a proxy': cluster('proxy-url: http://me:pw@10.0.0.9:3128'),
  'a socks proxy': cluster('proxy-url: socks5://10.0.0.9:1080'),
  'a proxy of an unknown kind': cluster('proxy-url: ftp://10.0.0.9'),
  'another name': cluster('tls-server-name: api.test'),
  'no checking, and a CA': cluster('insecure-skip-tls-verify: true'),
  'base64 with a line break': change('certificate-authority-data: LS0t', 'certificate-authority-data: |\n      LS0t'),
  'base64 that is none': change('certificate-authority-data: LS0t', 'certificate-authority-data: LS_t'),
  'a token and a password': user('token: abc\n    username: me\n    password: pw'),
  'a password': user('username: me\n    password: pw'),
  'a user to be': user('token: abc\n    as: me'),
  'groups without a user': user('token: abc\n    as-groups: [a]'),
  'a context that is not there': change('current-context: it', 'current-context: other'),
  'a context of no cluster': change('cluster: it,', 'cluster: other,'),
  'a context of no user': change(', user: it', ', user: other'),
  'a context without a user': change(', user: it', ''),
  'a tab in the indentation': change('kind: Config', '\t\nkind: Config'),
  'a key that is a mapping': change('kind: Config', '? a: b\nkind: Config'),
  'an empty key': change('kind: Config', ': b\nkind: Config'),
  'a key with a tag that does not fit': change('kind: Config', '!!int 1a: b\nkind: Config'),
  'an escaped slash': change('token: abc', 'token: "a\\/b"'),
  'nothing at all': Buffer.from(''),
  'a list': Buffer.from('[]'),
};
