/**
 * Loaded by `node --import` into each process that is measured, vaultbind and the raw client alike: counts what undici
 * sends and says at the end when the first request left and what the process cost.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';

let requests = 0;
let first;

subscribe('undici:request:create', () => {
  requests += 1;
  first ??= performance.now();
});

process.on('exit', () => {
  const end = performance.now();
  const { user, system } = process.cpuUsage();
  const counted = { requests, cpu: (user + system) / 1000, working: first === undefined ? 0 : end - first };
  writeFileSync(process.env['VAULTBIND_BENCH_COUNT'], JSON.stringify(counted));
});
