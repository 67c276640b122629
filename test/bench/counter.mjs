/**
 * Loaded by `node --import` into each process that is measured, vaultbind and the raw client alike: counts what undici
 * sends and says at the end when the first request left and what the process cost.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';

let requests = 0;
let first;
const secrets = new Set();

subscribe('undici:request:create', ({ request: { method, path } }) => {
  first ??= performance.now();
  // How often a new token Secret is looked at until the controller manager has filled it is chance: that is one look.
  if (method === 'GET' && path.includes('/secrets/')) secrets.add(path);
  else requests += 1;
});

process.on('exit', () => {
  const end = performance.now();
  const { user, system } = process.cpuUsage();
  const counted = {
    requests: requests + secrets.size,
    cpu: (user + system) / 1000,
    working: first === undefined ? 0 : end - first,
  };
  writeFileSync(process.env['VAULTBIND_BENCH_COUNT'], JSON.stringify(counted));
});
