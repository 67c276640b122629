import { isAlive } from '../processes/process-identity.ts';
import type { SandboxRecord } from './records.ts';
import { type SandboxHealth, sandboxHealth } from './up.ts';

export interface SandboxStatus {
  name: string;
  health: SandboxHealth;
  vault: SandboxRecord['vault'];
  tls: boolean;
  /** Of the Vault. */
  nodes: number;
  /** ISO 8601. */
  created: string;
  servers: ServerStatus[];
}

export interface ServerStatus {
  name: string;
  pid: number;
  alive: boolean;
  address?: string;
  log: string;
}

export function statusOf(record: SandboxRecord): SandboxStatus {
  const { name, vault, tls, nodes, created } = record;
  const servers = record.servers.map((server): ServerStatus => {
    const address = record.addresses[server.name];
    const status = { name: server.name, pid: server.pid, alive: isAlive(server), log: server.log };
    return address === undefined ? status : { ...status, address };
  });
  return { name, health: sandboxHealth(record), vault, tls, nodes, created, servers };
}

export function statusText(status: SandboxStatus, now: Date): string {
  const health = status.health === 'running' ? 'running' : 'half dead';
  const advice = status.health === 'running' ? '' : '; `vaultbind sandbox up` starts it anew, `down` clears it away';
  const head = `${status.name}: ${health}, ${age(status.created, now)} old${advice}\n`;
  const lines = status.servers.map(({ name, pid, alive, address = '' }) =>
    `  ${name.padEnd(24)}${(alive ? `process ${pid}` : 'ended').padEnd(16)}${address}`.trimEnd(),
  );
  return `${head}${lines.map((line) => `${line}\n`).join('')}`;
}

function age(created: string, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(created)) / 60_000));
  const hours = Math.floor(minutes / 60);
  if (minutes < 60) return `${minutes} min`;
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}
