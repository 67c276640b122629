import { SystemError } from '../../errors.ts';
import { configAddress, policiesAddress, rolesAddress } from '../../model/addresses.ts';
import { once } from '../../model/recall.ts';
import type { VaultHealth } from '../../vault/api.ts';
import type { VaultWay } from '../connections.ts';
import { foundOr, onceEach, type Seen, seen } from './look-once.ts';

/** An auth method that is enabled. */
export interface AuthMethod {
  /** Without slashes at the ends. */
  path: string;
  type: string;
}

/** A KV secrets engine. */
export interface Engine {
  /** With a slash at the end. */
  mount: string;
  version: 1 | 2;
}

/** What the wizard can find out about Vault; each look is made once, when a question needs it. */
export interface VaultLook {
  address: string;
  namespace: string;
  tokenFrom: string;
  health(): Promise<Seen<VaultHealth>>;
  /** Policies of the operator's token. */
  operator(): Promise<Seen<{ policies: string[]; root: boolean }>>;
  /** Which of these paths the operator may not do all of the capabilities on. */
  lacking(needed: Record<string, string[]>): Promise<string[]>;
  authMethods(): Promise<Seen<AuthMethod[]>>;
  /** kubernetes_host of the auth config; undefined: there is no config. */
  hostOf(mount: string): Promise<Seen<string | undefined>>;
  rolesOf(mount: string): Promise<Seen<string[]>>;
  policies(): Promise<Seen<string[]>>;
  engines(): Promise<Seen<Engine[]>>;
  /** API paths of secrets, as policies write them, with the engines that hold them. At most some hundreds. */
  secrets(): Promise<Seen<string[]>>;
}

export function lookAtVault({ address, namespace, tokenFrom, reader, browser }: VaultWay): VaultLook {
  const mounts = once(() => seen(async () => (await reader.read('sys/internal/ui/mounts')) ?? {}));
  const authMethods = once(() =>
    seen(async () => {
      const auth = await seen(() => reader.read('sys/auth'));
      if ('found' in auth) return methodsIn(auth.found);
      const visible = await mounts();
      if ('failed' in visible)
        throw new SystemError({ code: 'operator-forbidden', subject: 'sys/auth', message: auth.failed });
      return methodsIn(visible.found['auth']);
    }),
  );
  const engines = once(async (): Promise<Seen<Engine[]>> => {
    const visible = await mounts();
    return 'failed' in visible ? visible : { found: enginesIn(visible.found['secret']) };
  });
  return {
    ...{ address, namespace, tokenFrom },
    health: once(() => seen(() => reader.health())),
    operator: once(() => seen(() => reader.operator())),
    lacking: async (needed) => {
      const rights = foundOr(await seen(() => browser.rights(Object.keys(needed))), {});
      return Object.entries(needed)
        .filter(([path, wanted]) => {
          const held = rights[path];
          return held !== undefined && !held.includes('root') && !wanted.every((one) => held.includes(one));
        })
        .map(([path]) => path);
    },
    authMethods,
    hostOf: onceEach((mount) =>
      seen(async () => {
        const host = (await reader.read(configAddress(mount)))?.['kubernetes_host'];
        return typeof host === 'string' && host !== '' ? host : undefined;
      }),
    ),
    rolesOf: onceEach((mount) => seen(async () => (await reader.list(rolesAddress(mount))) ?? [])),
    policies: once(() => seen(async () => (await reader.list(policiesAddress)) ?? [])),
    engines,
    secrets: once(async () => {
      const all = await engines();
      return 'failed' in all ? all : await seen(() => secretsIn(all.found, (path) => browser.names(path)));
    }),
  };
}

function methodsIn(mounts: unknown): AuthMethod[] {
  return entriesOf(mounts).map(([path, { type }]) => ({ path: path.replace(/\/$/, ''), type: String(type) }));
}

function enginesIn(mounts: unknown): Engine[] {
  return entriesOf(mounts)
    .filter(([, { type }]) => type === 'kv' || type === 'generic')
    .map(([mount, { options }]) => ({ mount, version: versionIn(options) }));
}

function versionIn(options: unknown): 1 | 2 {
  return typeof options === 'object' && options !== null && Reflect.get(options, 'version') === '2' ? 2 : 1;
}

/** Entries with a type: the answer of sys/auth also holds fields that are none. */
function entriesOf(mounts: unknown): [string, { type: unknown; options?: unknown }][] {
  if (typeof mounts !== 'object' || mounts === null) return [];
  return Object.entries(mounts).filter(([path, mount]) => path.endsWith('/') && mount !== null && 'type' in mount);
}

const mostSecrets = 500;
const mostRequests = 100;

/** Folder by folder, the shallow ones first; where listing is refused, nothing is shown. */
async function secretsIn(engines: Engine[], names: (path: string) => Promise<string[]>): Promise<string[]> {
  const found: string[] = [];
  const folders = engines.map((engine) => ({ engine, folder: '' }));
  let refused: Seen<string[]> | undefined;
  for (let asked = 0; folders.length > 0 && asked < mostRequests && found.length < mostSecrets; asked++) {
    const { engine, folder } = folders.shift() ?? { engine: { mount: '', version: 1 as const }, folder: '' };
    const inside = engine.version === 2 ? 'metadata/' : '';
    const listed = await seen(() => names(`${engine.mount}${inside}${folder}`));
    if ('failed' in listed) refused = listed;
    for (const name of foundOr(listed, [])) {
      if (name.endsWith('/')) folders.push({ engine, folder: `${folder}${name}` });
      else found.push(`${engine.mount}${engine.version === 2 ? 'data/' : ''}${folder}${name}`);
    }
  }
  if (found.length === 0 && refused && 'failed' in refused)
    throw new SystemError({ code: 'operator-forbidden', subject: '', message: refused.failed });
  return found;
}
