import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { SystemError } from '../../errors.ts';
import type { SandboxContext } from '../options.ts';
import { PortTakenError } from './process.ts';

/** The ports that the server had before, unless another process has one of them now; then others, which it keeps. */
export async function onOwnPorts<T>(
  server: string,
  count: number,
  { ports: book, progress }: Pick<SandboxContext, 'ports' | 'progress'>,
  attempt: (ports: number[]) => Promise<T>,
): Promise<T> {
  const before = book?.before(server);
  const free = before?.length === count && (await areFree(before));
  if (before && !free)
    progress.say(`Another process has the port ${before[0]} that ${server} had before: it gets another one`);
  const keeping = async (ports: number[]) => {
    const result = await attempt(ports);
    book?.took(server, ports);
    return result;
  };
  return await onFreePorts(count, keeping, free ? before : undefined);
}

/** With the one after the first. */
async function areFree(ports: number[]): Promise<boolean> {
  const held: Server[] = [];
  try {
    for (const port of new Set([...ports, (ports[0] ?? 0) + 1])) await hold(held, port);
    return true;
  } catch {
    return false;
  } finally {
    await release(held);
  }
}

/**
 * Runs `attempt` with loopback ports that were free a moment ago. Between looking and listening another process can
 * take one; then everything is tried again on others. The port after the first is free too: Vault may listen there.
 *
 * @param first tried before any other
 */
export async function onFreePorts<T>(
  count: number,
  attempt: (ports: number[]) => Promise<T>,
  first?: number[],
): Promise<T> {
  let said = '';
  for (let round = 0; round < 5; round++) {
    const ports = (round === 0 && first) || (await freePorts(count));
    try {
      return await attempt(ports);
    } catch (error) {
      if (!(error instanceof PortTakenError)) throw error;
      said = error.message;
    }
  }
  throw new SystemError({ code: 'server-failed', subject: '127.0.0.1', message: `no free port was found: ${said}` });
}

async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  try {
    const first = await holdPair(held);
    const others: number[] = [];
    while (others.length < count - 1) others.push(await holdAny(held));
    return [first, ...others];
  } finally {
    await release(held);
  }
}

async function release(held: Server[]): Promise<void> {
  await Promise.all(held.map((server) => new Promise((done) => server.close(done))));
}

async function holdPair(held: Server[]): Promise<number> {
  for (;;) {
    const port = await holdAny(held);
    const next = await hold(held, port + 1).catch(() => undefined);
    if (next !== undefined) return port;
  }
}

/** Below the ports that systems give to outgoing connections, so that one that is to be kept stays free. */
async function holdAny(held: Server[]): Promise<number> {
  for (;;) {
    const port = await hold(held, randomInt(20_000, 30_000)).catch(() => undefined);
    if (port !== undefined) return port;
  }
}

async function hold(held: Server[], port: number): Promise<number> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  held.push(server);
  return port;
}
