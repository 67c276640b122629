import { gate } from '../http/gate.ts';
import type { KubernetesProber, KubernetesReader, KubernetesSession } from './api.ts';
import type { KubernetesConnection } from './connection.ts';
import { mayApply, mayProbe, mayRead } from './gates.ts';
import { configuration } from './library.ts';
import { lookBy } from './own-look.ts';
import { createKubernetesProber } from './prober.ts';
import { createKubernetesReader } from './reader.ts';
import { createKubernetesMemory } from './remember.ts';
import { createKubernetesSession } from './session.ts';
import { createBearerWire, createWire, type WireOptions } from './wire.ts';

/** The three capabilities on one API server. They share connections and what was read. */
export interface Kubernetes {
  reader: KubernetesReader;
  prober: KubernetesProber;
  session: KubernetesSession;
  /** Requests sent so far, as `METHOD path?query`, for tests and -vv. */
  sent(): string[];
  close(): Promise<void>;
}

/** Contacts nothing until the first method is called. */
export function createKubernetes(connection: KubernetesConnection, options: WireOptions): Kubernetes {
  const wire = createWire(connection, options);
  const bearers = createBearerWire(connection, options);
  const memory = createKubernetesMemory();
  const ours = () => connection.credentials.current();
  const may = (capability: string, allow: typeof mayRead) =>
    configuration(connection, gate(wire, capability, allow), ours);

  const look = lookBy(connection, options.timeout);
  const reader = createKubernetesReader(connection, may('the reader', mayRead), memory, look);
  const prober = createKubernetesProber(
    createKubernetesReader(connection, may('the prober', mayProbe), memory, look),
    may('the prober', mayProbe),
    (token) => configuration(connection, gate(bearers.as(token), 'the prober', mayProbe), async () => ({ token })),
  );
  const session = createKubernetesSession(prober, may('the session', mayApply), memory);
  return {
    reader,
    prober,
    session,
    sent: () => [...wire.sent, ...bearers.sent()],
    close: async () => {
      await Promise.all([wire.close(), bearers.close()]);
    },
  };
}
