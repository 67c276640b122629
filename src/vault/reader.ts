import { hasNoHandler, isMissing, stringsIn } from './answers/answers.ts';
import type { VaultData, VaultOperator, VaultReader, VaultWarning } from './api.ts';
import type { Asking } from './asking.ts';
import type { VaultMemory } from './memory.ts';
import type { VaultAnswer } from './node-vault.ts';

export function createVaultReader(
  asking: Asking,
  memory: VaultMemory<VaultAnswer>,
  warnings: VaultWarning[],
): VaultReader {
  const get = async (verb: 'read' | 'list', path: string): Promise<VaultAnswer> =>
    memory.once(`${verb} ${path}`, async () => {
      const answer = await asking[verb](path);
      if (!succeeded(answer) && !isMissing(answer)) throw await asking.refuse({ verb, path }, answer);
      return answer;
    });
  const lookup: VaultReader['lookup'] = async (path) => {
    const answer = await get('read', path);
    const data = succeeded(answer) ? dataOf(answer) : undefined;
    return { data, handled: !hasNoHandler(answer) };
  };
  return {
    address: asking.connection.address,
    namespace: asking.connection.namespace,
    forget: () => memory.forgetAll(),
    lookup,
    read: async (path) => (await lookup(path)).data,
    reread: async (path) => {
      memory.forget(path);
      return (await lookup(path)).data;
    },
    list: async (path) => {
      const answer = await get('list', path);
      return succeeded(answer) ? keysOf(answer) : undefined;
    },
    health: () => asking.health(),
    operator: async () => operatorOf((await lookup('auth/token/lookup-self')).data ?? {}),
    takeWarnings: () => warnings.splice(0),
  };
}

const lists = new WeakMap<VaultAnswer, string[]>();

/** The same array for the same answer: a list is asked for once an object, and a thousand of them share it. */
function keysOf(answer: VaultAnswer): string[] {
  const keys = lists.get(answer) ?? stringsIn(dataOf(answer)?.['keys']);
  lists.set(answer, keys);
  return keys;
}

export function succeeded({ status, notJson }: VaultAnswer): boolean {
  return status >= 200 && status < 300 && !notJson;
}

/** `data`, or the whole answer of endpoints that have none. */
export function dataOf({ body }: VaultAnswer): VaultData | undefined {
  if (!body || !('data' in body)) return body;
  return asObject(body['data']);
}

export function asObject(value: unknown): VaultData {
  return typeof value === 'object' && value !== null ? (value as VaultData) : {};
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

function operatorOf(data: VaultData): VaultOperator {
  const policies = [...stringsIn(data['policies']), ...stringsIn(data['identity_policies'])];
  const end = data['expire_time'];
  return {
    name: [data['display_name'], asObject(data['meta'])['role_name']].filter(isText).join(' '),
    policies,
    root: policies.includes('root'),
    ...(typeof end === 'string' && { expires: new Date(end) }),
  };
}
