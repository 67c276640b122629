import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubeconfig } from '../kubernetes/folder.ts';
import { buildProgram, startProgram } from '../servers/child.ts';
import type { FaultRule } from '../servers/faults.ts';
import { arrived, isLogin, isLookingAround, isRevoke, type Scene, type Stage, stageFor } from './scene.ts';

/**
 * The law: whatever ends a run, no token of a workload is left that the run did not name, by its accessor or by account
 * and mount. Each way to an end is one scene, with the real program, a real Vault and a proxy that misbehaves.
 */
const notImpossible = ({ body }: { body: string }) => !body.includes('vaultbind-no-such-role');
const held = (when: FaultRule['when'], kind: 'late' | 'delay' = 'delay'): FaultRule => ({
  fault: { kind, milliseconds: 60_000 },
  when: (one) => (when?.(one) ?? true) && notImpossible(one),
});
const slow = (when: FaultRule['when']): FaultRule => ({ fault: { kind: 'late', milliseconds: 1_400 }, when });
const ofTheLogin: FaultRule['when'] = (one) =>
  (isLogin(one) && notImpossible(one)) || isLookingAround(one) || isRevoke(one) || one.headers['x-vault-token'] === '';

const isWorkload: FaultRule['when'] = (one) => isLogin(one) && notImpossible(one);
const internal = '{"errors":["internal error"]}';
const listed = '1 error occurred:\n\t* permission denied\n\n';
const denied = (text: string): FaultRule['fault'] => ({
  kind: 'answer',
  status: 403,
  body: JSON.stringify({ errors: [text] }),
});

/** The longest first. */
const scenes: Record<string, Scene> = {
  'a signal, and a token that cannot be ended': {
    command: ['verify'],
    faults: ({ inject }) => inject(held((one) => isLookingAround(one) || isRevoke(one))),
    during: async (child, faults) => {
      await arrived(faults, isLookingAround);
      child.kill('SIGHUP');
    },
    ends: 130,
    tokens: 'told',
  },
  'a Vault that takes half of the time that each answer has': {
    command: ['verify', '--timeout', '3s'],
    faults: ({ inject }) => inject(slow(ofTheLogin)),
  },
  'the same for doctor': {
    command: ['doctor', '--no-monitor', '--timeout', '3s'],
    faults: ({ inject }) => inject(slow(ofTheLogin)),
  },
  good: { command: ['verify'], ends: 0, tokens: 'none' },
  'failed: Vault takes longer for the login than it may': {
    command: ['verify', '--timeout', '6s'],
    faults: ({ inject }) => inject(held(isLogin, 'late')),
    ends: 4,
    tokens: 'told',
  },
  'the answer to a login is lost': {
    command: ['verify'],
    faults: ({ inject }) => inject({ fault: { kind: 'lose-answer' }, when: isLogin }),
    ends: 4,
    tokens: 'told',
  },
  'half of the answer to a login is lost': {
    command: ['doctor', '--no-monitor'],
    faults: ({ inject }) => inject({ fault: { kind: 'half' }, when: (one) => isLogin(one) && notImpossible(one) }),
    ends: 1,
    tokens: 'told',
  },
  'Vault makes the token and cannot write its audit log': {
    command: ['verify'],
    faults: ({ inject }) => inject({ fault: { kind: 'lose-answer', status: 500, body: internal }, when: isWorkload }),
    ends: 4,
    tokens: 'told',
  },
  'the same is no verdict of doctor': {
    command: ['doctor', '--no-monitor'],
    faults: ({ inject }) => inject({ fault: { kind: 'lose-answer', status: 500, body: internal }, when: isWorkload }),
    ends: 4,
    tokens: 'told',
  },
  'a node does not know the token yet, and the operator may not revoke': {
    command: ['verify'],
    faults: ({ inject }) => {
      inject({ fault: denied('permission denied'), when: ({ path }) => path.endsWith('/revoke-self') });
      inject({ fault: denied(listed), when: ({ path }) => path.endsWith('/revoke-accessor') });
    },
    tokens: 'told',
  },
  'a gateway answers in place of Vault, which did it': {
    command: ['verify'],
    faults: ({ inject }) => inject({ fault: { kind: 'lose-answer', status: 502 }, when: isLogin }),
    ends: 4,
    tokens: 'told',
  },
  'a signal while it looks around': {
    command: ['verify'],
    faults: ({ inject }) => inject(held(isLookingAround)),
    during: async (child, faults) => {
      await arrived(faults, isLookingAround);
      child.kill('SIGTERM');
    },
    ends: 130,
    tokens: 'none',
  },
  'two signals while it looks around': {
    command: ['doctor', '--no-monitor'],
    faults: ({ inject }) => inject(held(isLookingAround)),
    during: async (child, faults) => {
      await arrived(faults, isLookingAround);
      child.kill('SIGINT');
      await child.heard('to be ended: the token of');
      child.kill('SIGINT');
    },
    ends: 130,
    tokens: 'none',
  },
  'two signals, and a token that cannot be ended': {
    command: ['verify'],
    faults: ({ inject }) => inject(held((one) => isLookingAround(one) || isRevoke(one))),
    during: async (child, faults) => {
      await arrived(faults, isLookingAround);
      child.kill('SIGINT');
      await child.heard('again to stop at once');
      child.kill('SIGINT');
    },
    ends: 130,
    tokens: 'told',
  },
  'two signals while the answer to a login is held back': {
    command: ['verify'],
    faults: ({ inject }) => inject(held(isLogin, 'late')),
    during: async (child, faults) => {
      await arrived(faults, isLogin);
      child.kill('SIGINT');
      await child.heard('again to stop at once');
      child.kill('SIGINT');
    },
    ends: 130,
    tokens: 'told',
  },
  'killed after a signal, as CI does': {
    command: ['verify'],
    faults: ({ inject }) => inject(held(isLookingAround)),
    during: async (child, faults) => {
      await arrived(faults, isLookingAround);
      child.kill('SIGTERM');
      await child.heard('to be ended: the token of');
      child.kill('SIGKILL');
    },
    ends: 'SIGKILL',
    tokens: 'told',
  },
  'crashed beside a login whose answer is late': {
    command: ['verify'],
    faults: ({ inject }) => inject(slow(isLogin)),
    during: async (child, faults) => {
      await arrived(faults, isLogin);
      child.kill('SIGUSR1');
    },
    ends: 70,
    tokens: 'none',
  },
  'its reader goes away': {
    command: ['verify', '-vv'],
    faults: ({ inject }) => inject({ fault: { kind: 'late', milliseconds: 500 }, when: isLookingAround }),
    during: async (child, faults) => {
      await arrived(faults, isLookingAround);
      child.deaf();
    },
    ends: 0,
    tokens: 'none',
  },
};

const names = Object.keys(scenes);
const roleOf = (name: string) => `scene-${names.indexOf(name)}`;

let stage: Stage;
beforeAll(async () => {
  await buildProgram();
  stage = await stageFor('openbao', names.map(roleOf));
});
afterAll(() => stage?.bench.remove());

/** What was said to be ended, and never again. */
function openWords(stderr: string): string[] {
  const named = [...stderr.matchAll(/^to be ended: (.+? \(login at [^)]+\))/gm)].map(([, name = '']) => name);
  return named.filter((name) => !stderr.includes(`\nended: ${name}`) && !stderr.includes(`\nwarning: ${name}`));
}

describe('no token is left untold, whatever the end:', () => {
  it.concurrent.each(names)('%s', { timeout: 120_000 }, async (name) => {
    const scene = scenes[name];
    if (!scene) throw new Error(name);
    const { exit, signal, stdout, stderr, left } = await stage.play(scene, roleOf(name));
    const said = `${stdout}\n${stderr}`;
    if (scene.ends !== undefined) expect(signal ?? exit, said).toBe(scene.ends);
    expect(left.untold, said).toBe(0);
    if (scene.ends !== 'SIGKILL') expect(openWords(stderr), said).toEqual([]);
    if (scene.tokens) expect(left.accessors.length > 0 ? 'told' : 'none', said).toBe(scene.tokens);
  });
});

describe('a credential plugin that heeds no signal', () => {
  it('does not outlive the program', async () => {
    const { bench } = stage;
    const script = "#!/bin/sh\ntrap '' TERM INT HUP\necho plugin $$ >&2\nexec sleep 600\n";
    writeFileSync(join(bench.folder, 'plugin.sh'), script, { mode: 0o755 });
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin.sh', interactiveMode: 'Never' };
    bench.write(JSON.stringify(kubeconfig({ server: 'https://127.0.0.1:1' }, { exec })), 'plugin.json');
    bench.write(bench.recipe());
    const env = { ...bench.env, KUBECONFIG: join(bench.folder, 'plugin.json') };
    const child = startProgram(['plan', '-f', 'recipe.yaml'], { env, cwd: bench.folder });
    await child.heard('plugin ');
    child.kill('SIGTERM');
    const { exit, stderr } = await child.ended;
    expect(exit, stderr).toBe(130);
    const pid = /plugin (\d+)/.exec(stderr)?.[1] ?? '';
    const state = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).stdout.trim();
    expect(state, pid).toMatch(/^(Z.*)?$/);
  });
});

describe('a program that computes', () => {
  it('is ended by the first signal where nothing is under way', async () => {
    const env = { ...stage.bench.env, NODE_OPTIONS: `--import=${stage.bench.folder}/misbehaving.mjs` };
    const settings = { env, cwd: stage.bench.folder, stdin: 'pipe' as const };
    const child = startProgram(['plan', '-f', '-'], settings);
    await child.heard('ready');
    child.kill('SIGUSR2');
    await child.heard('computing');
    child.kill('SIGTERM');
    expect(await child.ended).toMatchObject({ exit: null, signal: 'SIGTERM', stdout: '' });
  });
});
