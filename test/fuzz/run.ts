import fc from 'fast-check';
import { Agent, request } from 'undici';
import { type Figures, judgeText, noFigures, type Server } from './judge-by-servers.ts';
import {
  judgeParameters,
  noParameterFigures,
  type ParameterFigures,
  parameterPolicies,
  twoSpellings,
} from './parameters.ts';

const width = 16;

/** A server that answers at an address, with tokens made for it. */
export async function serverAt(product: Server['product'], address: string, root: string): Promise<Server> {
  const agent = new Agent({ connections: width });
  const ask = async (method: string, path: string, body: unknown, headers: Record<string, string>) => {
    try {
      const answer = await request(`${address}/v1/${path}`, {
        method: method as 'PUT',
        headers,
        body: JSON.stringify(body),
        dispatcher: agent,
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, body: text.startsWith('{') ? JSON.parse(text) : undefined };
    } catch {
      // A policy on which the server's handler panics; with the server gone, this throws.
      const { body: health } = await request(`${address}/v1/sys/health`);
      await health.dump();
      return { status: 0, body: undefined };
    }
  };
  const send: Server['send'] = (method, path, body) => ask(method, path, body, { 'x-vault-token': root });
  const prefix = `fuzz-${process.pid}`;
  const tokens: string[] = [];
  for (let slot = 0; slot < width; slot++) {
    const options = { policies: [`${prefix}-${slot}`], no_default_policy: true, type: 'batch', ttl: '2h' };
    const { body } = await send('POST', 'auth/token/create', options);
    tokens.push((body as { auth: { client_token: string } }).auth.client_token);
  }
  const token = (slot: number) => tokens[slot] ?? '';
  const workload: Server['workload'] = (slot, path, body, wrap) =>
    ask('POST', path, body, { 'x-vault-token': token(slot), ...(wrap && { 'x-vault-wrap-ttl': `${wrap}s` }) });
  return { product, send, workload, token, policy: (slot) => `${prefix}-${slot}` };
}

/** Judges as many texts of one kind as are wanted, several at once. */
export async function judgeAll(
  arbitrary: fc.Arbitrary<string>,
  { count, seed, servers }: { count: number; seed: number; servers: Server[] },
  tell: (done: Figures) => void = () => undefined,
): Promise<Figures> {
  const figures = noFigures();
  let told = 0;
  await inSlots(fc.sample(arbitrary, { numRuns: count, seed }), async (text, slot) => {
    await judgeText(text, slot, servers, figures);
    if (figures.texts < told + 1000) return;
    told = figures.texts;
    tell(figures);
  });
  return figures;
}

/** The same of parameters and wrapping times, by requests. */
export async function judgeAllParameters(count: number, seed: number, servers: Server[]): Promise<ParameterFigures> {
  const figures = noParameterFigures();
  const pairs = [...twoSpellings, ...fc.sample(parameterPolicies, { numRuns: count, seed })];
  await inSlots(pairs, (pair, slot) => judgeParameters(pair, slot, servers, figures));
  return figures;
}

async function inSlots<T>(all: T[], judge: (one: T, slot: number) => Promise<void>): Promise<void> {
  const left = all.values();
  const worker = async (slot: number) => {
    for (const one of left) await judge(one, slot);
  };
  await Promise.all(Array.from({ length: width }, (_, slot) => worker(slot)));
}
