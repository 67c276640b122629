import fc from 'fast-check';
import { Agent, request } from 'undici';
import { type Figures, judgeText, noFigures, type Server } from './judge-by-servers.ts';

const width = 16;

/** A server that answers at an address, with tokens made for it. */
export async function serverAt(product: Server['product'], address: string, root: string): Promise<Server> {
  const agent = new Agent({ connections: width });
  const send: Server['send'] = async (method, path, body) => {
    try {
      const answer = await request(`${address}/v1/${path}`, {
        method: method as 'PUT',
        headers: { 'x-vault-token': root },
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
  const prefix = `fuzz-${process.pid}`;
  const tokens: string[] = [];
  for (let slot = 0; slot < width; slot++) {
    const options = { policies: [`${prefix}-${slot}`], no_default_policy: true, type: 'batch', ttl: '2h' };
    const { body } = await send('POST', 'auth/token/create', options);
    tokens.push((body as { auth: { client_token: string } }).auth.client_token);
  }
  return { product, send, policy: (slot) => `${prefix}-${slot}`, token: (slot) => tokens[slot] ?? '' };
}

/** Judges as many texts of one kind as are wanted, several at once. */
export async function judgeAll(
  arbitrary: fc.Arbitrary<string>,
  { count, seed, servers }: { count: number; seed: number; servers: Server[] },
  tell: (done: Figures) => void = () => undefined,
): Promise<Figures> {
  const figures = noFigures();
  const texts = fc.sample(arbitrary, { numRuns: count, seed }).values();
  const worker = async (slot: number) => {
    for (const text of texts) {
      await judgeText(text, slot, servers, figures);
      if (figures.texts % 1000 === 0) tell(figures);
    }
  };
  await Promise.all(Array.from({ length: width }, (_, slot) => worker(slot)));
  return figures;
}
