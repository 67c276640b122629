import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { questionOf, toWrite } from '../../src/actions/confirm.ts';
import { contextNames } from '../../src/actions/context-names.ts';
import type { Reading } from '../../src/contracts/clients.ts';
import { plan } from '../../src/engine/plan.ts';
import { serversOf } from '../../src/engine/servers.ts';
import type { Io } from '../../src/model/io.ts';
import { report } from '../../src/model/report.ts';
import { human } from '../../src/output/human.ts';
import { reportJson } from '../../src/output/json.ts';
import { cleaned } from '../../src/output/reports/clean.ts';
import { markdown } from '../../src/output/reports/markdown.ts';
import { askWhich } from '../../src/wizard/confirm.ts';
import { newWorld, toyStep, toyTarget } from '../engine/toys.ts';

/** A token by its shape alone, and what steers a terminal and breaks a line. */
const token = `hvs.${'CAES'.repeat(8)}`;
const hostile = (what: string) => `${what}\u001b[2J\u001b]0;pwn\u0007\u202e\nApply\t0 changes\r\n# ${token}`;
const harmless = (what: string) => `${what}\ufffd[2J\ufffd]0;pwn\ufffd\ufffd Apply 0 changes # ***`;

const reading = {
  vault: {
    address: 'https://vault.example.com:8200',
    namespace: hostile('team'),
    health: async () => ({ product: 'vault', version: hostile('1.20') }),
    operator: async () => ({ name: hostile('ci'), policies: [hostile('ci-apply')], root: false }),
  },
  kubernetes: {
    ...{ context: hostile('prod'), server: 'https://10.0.0.1:6443', user: hostile('deployer') },
    version: async () => hostile('v1.37'),
  },
} as unknown as Reading;

const style = { color: false, unicode: true, width: 500, wraps: false, verbose: false };
const named = async () => report({ command: 'plan', findings: [], ...{ servers: await serversOf(reading) } });
const steers = (text: string) => ['\u001b]', '\u0007', '\u202e'].some((one) => text.includes(one));

describe('names of servers that would steer a terminal, break a line or show a secret', () => {
  it('are one line in the header', async () => {
    const [line] = human(await named(), style).split('\n');
    expect(line).toBe(
      `Vault https://vault.example.com:8200 (Vault ${harmless('1.20')}, Vault namespace ${harmless('team')}, as ${harmless('ci')}) · cluster ${harmless('prod')} (https://10.0.0.1:6443, as ${harmless('deployer')})`,
    );
  });

  it('are the same in JSON', async () => {
    const { vault, cluster } = JSON.parse(reportJson(await named()));
    expect([vault.as, vault.policies, vault.namespace, vault.version]).toEqual([
      harmless('ci'),
      [harmless('ci-apply')],
      harmless('team'),
      harmless('1.20'),
    ]);
    expect([cluster.context, cluster.user, cluster.version]).toEqual(['prod', 'deployer', 'v1.37'].map(harmless));
  });

  it('are one line of a Markdown report, whatever the report itself takes away', async () => {
    const text = markdown(cleaned({ report: await named(), files: [] }, (same) => same));
    expect(text.split('\n').filter((line) => line.includes('vault.example.com'))).toEqual([
      expect.stringContaining(`as ${harmless('deployer')}`),
    ]);
    expect(text).not.toContain(token);
  });

  it('are one line of the question before anything is written', async () => {
    const steps = [toyStep(newWorld(), 'a', [{}]), toyStep(newWorld(), 'b', [{ system: 'kubernetes' }])];
    const work = toWrite(
      await plan(steps, toyTarget, reading, { chosen: new Set(['a', 'b']), observer: () => undefined }),
      new Set(),
    );
    const question = questionOf('apply', work, await serversOf(reading));
    expect(question.replace(/\s+/g, ' ')).toBe(
      `Apply 2 changes to https://vault.example.com:8200, Vault namespace ${harmless('team')} and cluster ${harmless('prod')} (https://10.0.0.1:6443)?`,
    );
  });

  it('are plain among choices, and what is chosen is the name as it is', async () => {
    const [stdin, stderr] = [new PassThrough(), new PassThrough()];
    let said = '';
    stderr.on('data', (data) => {
      if (said === '') setImmediate(() => stdin.write('\r'));
      said += data;
    });
    const { signal } = new AbortController();
    const answer = await askWhich({ stdin, stderr, signal } as unknown as Io, 'Which?', [hostile('kube')]);
    expect([answer, steers(said), said.includes('pwn')]).toEqual([hostile('kube'), false, true]);
  });

  it('are not offered as contexts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vaultbind-contexts-'));
    const contexts = ['kind-one', hostile('prod')].map((name) => ({ name, context: { cluster: 'c', user: 'u' } }));
    const file = join(folder, 'kubeconfig');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', contexts, clusters: [], users: [] }));
    const names = await contextNames({ env: {}, cwd: folder } as unknown as Io, file);
    rmSync(folder, { recursive: true });
    expect(names).toEqual(['kind-one']);
  });
});
