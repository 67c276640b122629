import { holds, keyOf, requestOf } from '../policy/requests.ts';
import type { VaultLogin, VaultProber } from '../vault/api.ts';
import { type Sight, sightOf } from '../vault/objects/secrets-engine.ts';
import type { Claim, Tries, Untried } from './access.ts';

export interface Claims {
  can: Claim[];
  cannot: Claim[];
}

type Wanted = keyof Claims;

/**
 * Asks what a token may, and makes the very requests that the claims stand for. Those on KV alone: elsewhere a read may
 * mint a credential, and a trial write would change something.
 */
export async function tryClaims(vault: VaultProber, login: VaultLogin, { can, cannot }: Claims): Promise<Tries> {
  const paths = [...new Set([...can, ...cannot].map((claim) => requestOf(claim).path))];
  const capabilities = paths.length === 0 ? {} : await vault.capabilities(login, paths);
  const tries: Tries = { capabilities, answers: {}, untried: {} };
  const budget = { left: login.uses === 0 ? Number.POSITIVE_INFINITY : login.uses };
  for (const claim of can) await tryOne(vault, login, claim, 'can', { tries, budget });
  for (const claim of cannot) await tryOne(vault, login, claim, 'cannot', { tries, budget });
  return tries;
}

interface Going {
  tries: Tries;
  /** Requests that the token is good for. */
  budget: { left: number };
}

async function tryOne(
  vault: VaultProber,
  login: VaultLogin,
  claim: Claim,
  wanted: Wanted,
  { tries, budget }: Going,
): Promise<void> {
  const { path, request } = requestOf(claim);
  const key = keyOf(claim);
  const may = holds(tries.capabilities[path] ?? [], claim.capability);
  // What sys/capabilities says is bad already.
  if (may !== (wanted === 'can') || key in tries.answers) return;
  const sight = await sightOf(vault, login, path, may);
  const why = whyNot(sight, claim, wanted);
  if (why) {
    tries.untried[key] = why;
  } else if (!request) {
    const kvData = isKvData(sight, path) && { kvData: true as const };
    tries.untried[key] = { because: 'a trial write would change what is there', ...kvData };
  } else if (request.method === 'SCAN' && (await vault.health()).product !== 'openbao') {
    tries.untried[key] = { because: 'only OpenBao has a scan' };
  } else if (budget.left <= 0) {
    tries.untried[key] = { because: `its token is good for ${login.uses} requests, which others took` };
  } else {
    budget.left -= 1;
    tries.answers[key] = await vault.tryAs(login, request, { unread: wanted === 'cannot' });
  }
}

function isKvData(sight: Sight, path: string): boolean {
  return 'engine' in sight && sight.engine.version === 2 && path.startsWith(`${sight.engine.mount}data/`);
}

function whyNot(sight: Sight, { capability }: Claim, wanted: Wanted): Untried | undefined {
  if ('absent' in sight) return { because: sight.absent, ...(wanted === 'can' && { absent: true as const }) };
  if ('unseen' in sight) return { because: sight.unseen };
  const { mount, type } = sight.engine;
  if (type === 'kv') return undefined;
  const reads = ['read', 'list', 'scan'].includes(capability);
  return reads
    ? { because: `${mount} is no KV secrets engine (${type}), where a request may make something` }
    : undefined;
}
