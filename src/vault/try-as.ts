import type { WorkloadRequest } from '../policy/requests.ts';
import { goneIn, hasNoHandler, isAboutToken, isForeign, isRedirect, saidIn } from './answers/answers.ts';
import type { VaultData, WorkloadAnswer } from './api.ts';
import type { Asking } from './asking.ts';
import type { VaultAnswer } from './node-vault.ts';
import { uiMounts } from './objects/secrets-engine.ts';
import { asObject, dataOf, succeeded } from './reader.ts';

type Asker = ReturnType<Asking['as']>;

/** The workload's own request. An answer that is none is an error and no verdict. */
export async function tryAs(
  asking: Asking,
  self: Asker,
  { method, path }: WorkloadRequest,
  { unread } = { unread: false },
): Promise<WorkloadAnswer> {
  const answer = await send(self, { method, path }, unread);
  if (saysNothing(answer)) throw await asking.refuse({ verb: method === 'GET' ? 'read' : 'list', path }, answer);
  return {
    status: answer.status,
    said: saidIn(answer) || goneIn(answer),
    ...(isAboutToken(answer) && { ofToken: true }),
    ...(hasNoHandler(answer) && { noMount: true }),
  };
}

function send(self: Asker, { method, path }: WorkloadRequest, unread: boolean): Promise<VaultAnswer> {
  if (method === 'LIST') return self.list(path, { unread });
  return self.read(path, { unread, ...(method === 'SCAN' && { query: '?scan=true' }) });
}

/** Neither yes nor no: something else answers, or Vault cannot at this time. */
function saysNothing(answer: VaultAnswer): boolean {
  const { status } = answer;
  const isOther = isForeign(answer) && goneIn(answer) === '';
  // A KV secrets engine that has nothing there tells no error.
  const isOdd = status === 404 && saidIn(answer) !== '' && !hasNoHandler(answer);
  return isOther || isOdd || isRedirect(answer) || status === 412 || status === 429 || status >= 500;
}

/** Undefined: the token may not ask. */
export async function mountsOf(asking: Asking, self: Asker): Promise<VaultData | undefined> {
  const answer = await self.read(uiMounts);
  if (answer.status === 403 && !isForeign(answer)) return undefined;
  if (!succeeded(answer)) throw await asking.refuse({ verb: 'read', path: uiMounts }, answer);
  return asObject(dataOf(answer)?.['secret']);
}

/** Vault refuses to say where nothing is mounted, as it does where the token may do nothing. */
export async function mountAt(asking: Asking, self: Asker, below: string): Promise<VaultData | 'none' | undefined> {
  const path = `${uiMounts}/${below}`;
  const answer = await self.read(path);
  if (answer.status === 403 && !isForeign(answer)) return isAboutToken(answer) ? undefined : 'none';
  if (!succeeded(answer)) throw await asking.refuse({ verb: 'read', path }, answer);
  const mount = dataOf(answer);
  return typeof mount?.['path'] === 'string' ? mount : undefined;
}
