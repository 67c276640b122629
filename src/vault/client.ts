import { type Allow, gate } from '../http/gate.ts';
import { tidyingEnds } from '../model/work.ts';
import type { VaultBrowser, VaultProber, VaultReader, VaultScratch, VaultSession, VaultWarning } from './api.ts';
import { createAsking } from './asking.ts';
import { createBrowser } from './browser.ts';
import type { VaultConnection, VaultOptions } from './connection.ts';
import { browserGate, proberGate, readerGate, scratchGate, sessionGate } from './gates.ts';
import { createVaultMemory } from './memory.ts';
import type { VaultAnswer } from './node-vault.ts';
import { createVaultProber } from './prober.ts';
import { createVaultReader } from './reader.ts';
import { createScratch } from './scratch.ts';
import { createVaultSession } from './session.ts';
import { wireTo } from './wire.ts';

/** The three capabilities over one transport and one memory. Hand out the weakest that will do. */
export interface Vault {
  reader: VaultReader;
  prober: VaultProber;
  session: VaultSession;
  scratch: VaultScratch;
  browser: VaultBrowser;
  /** `METHOD path?query` of each request so far. */
  readonly sent: readonly string[];
  /** Ends what was made through it first. */
  close(): Promise<void>;
}

export function createVault(connection: VaultConnection, options: VaultOptions): Vault {
  const transport = wireTo(connection, options);
  const memory = createVaultMemory<VaultAnswer>();
  const page = options.work.ledger.page();
  const warnings: VaultWarning[] = [];
  const asking = (capability: string, allow: Allow) =>
    createAsking({ connection, transport: gate(transport, capability, allow), ungated: transport, warnings, page });
  const readerOf = (capability: string, allow: Allow) => {
    const through = asking(capability, allow);
    return { through, reader: createVaultReader(through, memory, warnings) };
  };
  const reading = readerOf('reader', readerGate);
  const probing = readerOf('prober', proberGate);
  const writing = readerOf('session', sessionGate);
  return {
    reader: reading.reader,
    prober: createVaultProber(probing.reader, probing.through, memory),
    session: createVaultSession(createVaultProber(writing.reader, writing.through, memory), writing.through, memory),
    scratch: createScratch(asking('the scratch mount', scratchGate), memory),
    browser: createBrowser(asking('the browser', browserGate)),
    sent: transport.sent,
    close: async () => {
      await page.drain(patience(connection));
      await transport.close();
    },
  };
}

/** Milliseconds that a run which nobody stops gives a slow Vault to answer a login and to end its token. */
export function patience({ timeout }: VaultConnection): number {
  return Math.max(tidyingEnds, 2 * timeout);
}
