import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readRecord, type SandboxRecord, sandboxesFolder, writeRecord } from '../../src/sandbox/named/records.ts';
import { exportLines, unsetLines } from '../../src/sandbox/named/shell.ts';
import { statusOf, statusText } from '../../src/sandbox/named/status.ts';
import { countGoLines } from '../../src/sandbox/programs/build-go.ts';
import { createProgress } from '../../src/sandbox/progress.ts';
import { temporaryFolder } from './scene.ts';

describe('lines for eval', () => {
  test('give a shell exactly the value, whatever is in it', () => {
    const value = fc.string().filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(value, (text) => {
        const lines = exportLines({ SANDBOX_VALUE: text });
        const shown = execFileSync('/bin/sh', ['-c', `eval "$1"; printf %s. "$SANDBOX_VALUE"`, 'sh', lines]);
        expect(shown.toString()).toBe(`${text}.`);
      }),
      { numRuns: 30 },
    );
  });

  test('unset what they set, and nothing that the shell has from elsewhere', () => {
    const environment = { VAULT_ADDR: 'http://127.0.0.1:1', KUBECONFIG: '/sandbox' };
    const other = { VAULT_ADDR: 'http://127.0.0.1:1', KUBECONFIG: '/mine', VAULT_TOKEN: 'mine' };
    expect(unsetLines(environment, other)).toBe('unset VAULT_ADDR\n');
    expect(unsetLines(environment, environment, 'fish')).toBe('set -e VAULT_ADDR KUBECONFIG\n');
    expect(unsetLines(environment, {})).toBe('');
  });

  test('speak fish', () => {
    expect(exportLines({ A: "it's\\" }, 'fish')).toBe("set -gx A 'it\\'s\\\\'\n");
  });
});

describe('a build', () => {
  test('says how far it is, and how long it takes at this pace', () => {
    const said: string[] = [];
    let clock = 0;
    const line = countGoLines(
      200,
      (text) => void said.push(text),
      () => clock,
    );
    line('go: downloading example.com/m v1');
    line('# a warning');
    for (let done = 1; done <= 201; done++) {
      clock = (done - 1) * 6_000;
      line(`example.com/p${done}`);
    }
    expect(said.slice(0, 3)).toEqual([
      '1 modules downloaded',
      '1 modules downloaded',
      '1 of about 200 packages compiled',
    ]);
    expect(said.find((text) => text.startsWith('100 of'))).toBe(
      '100 of about 200 packages compiled, about 10 min to go',
    );
    expect(said.at(-1)).toBe('201 of about 200 packages compiled');
  });
});

describe('progress', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function shown(isTTY: boolean, live?: boolean): Promise<string> {
    let text = '';
    const stream = new Writable({
      write(chunk, _encoding, done) {
        text += chunk;
        done();
      },
    });
    const done = createProgress(Object.assign(stream, { isTTY, columns: 40 }), live).during(
      'Building',
      async (detail) => {
        detail('1 package');
        await new Promise((resolve) => setTimeout(resolve, 25_500));
      },
    );
    await vi.advanceTimersByTimeAsync(25_500);
    await done;
    return text;
  }

  test('is a plain line each ten seconds when nobody looks', async () => {
    expect(await shown(false)).toBe('Building\nBuilding (10 s): 1 package\nBuilding (20 s): 1 package\n');
  });

  test('moves no cursor in a dumb terminal', async () => {
    expect(await shown(true, false)).toBe(await shown(false));
  });

  test('is one line rewritten each second on a terminal, no longer than it', async () => {
    const text = await shown(true);
    const frames = text.split('\r\x1b[K').filter((frame) => frame !== '');
    expect(frames).toHaveLength(1 + 25 + 1);
    expect(frames[1]).toBe('Building (1 s): 1 package');
    expect(frames.at(-1)).toBe('Building (25 s)\n');
    expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThan(40);
  });
});

describe('the record of a sandbox', () => {
  const record: SandboxRecord = {
    name: 'one',
    created: '2026-01-01T00:00:00.000Z',
    vault: 'openbao',
    tls: false,
    nodes: 1,
    state: 'running',
    servers: [{ name: 'bao', pid: process.pid, started: 'another time', log: '/x/bao.log' }],
    environment: { VAULT_TOKEN: 'canary-token' },
    addresses: { bao: 'http://127.0.0.1:1' },
  };

  test('is read as written, for this user alone, below VAULTBIND_STATE or XDG_STATE_HOME', async () => {
    const env = { VAULTBIND_STATE: await temporaryFolder() };
    expect(readRecord('one', env)).toBeUndefined();
    writeRecord(record, env);
    expect(readRecord('one', env)).toEqual(record);
    expect(statSync(`${sandboxesFolder(env)}/one`).mode & 0o777).toBe(0o700);
    expect(statSync(`${sandboxesFolder(env)}/one/sandbox.json`).mode & 0o777).toBe(0o600);
    expect(sandboxesFolder({ HOME: '/h' })).toBe('/h/.local/state/vaultbind/sandboxes');
    expect(sandboxesFolder({ HOME: '/h', XDG_STATE_HOME: '/s' })).toBe('/s/vaultbind/sandboxes');
  });

  test.each(['', '{', '{"name":"one"}'])('that another hand wrote (%j) is named', async (text) => {
    const env = { VAULTBIND_STATE: await temporaryFolder() };
    writeRecord(record, env);
    writeFileSync(`${sandboxesFolder(env)}/one/sandbox.json`, text);
    expect(() => readRecord('one', env)).toThrow(`${sandboxesFolder(env)}/one/sandbox.json is not what`);
  });

  test.each(['../x', '', 'A', 'a/b', '-a', 'a'.repeat(41)])('has no name %j', (name) => {
    expect(() => readRecord(name, {})).toThrow('cannot name a sandbox');
  });

  test('is shown with what lives, and without the token', () => {
    const text = statusText(statusOf(record), new Date('2026-01-01T03:05:00Z'));
    expect(text).toContain('one: half dead, 3 h 5 min old; ');
    expect(text).toMatch(/ {2}bao {21}ended {11}http:\/\/127\.0\.0\.1:1\n/);
    expect(JSON.stringify(statusOf(record)) + text).not.toContain('canary');
  });
});
