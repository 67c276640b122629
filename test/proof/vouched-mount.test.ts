import { beforeAll, describe, expect, it } from 'vitest';
import type { Probing } from '../../src/contracts/clients.ts';
import { question } from '../../src/contracts/experiment.ts';
import type { OperatorsWord } from '../../src/contracts/mount-gate.ts';
import { verify } from '../../src/engine/verify.ts';
import { InterruptedError, SystemError, VaultbindError } from '../../src/errors.ts';
import { laboratory } from '../../src/proof/laboratory.ts';
import { mountGate, noWord } from '../../src/proof/vouched-mount.ts';
import { createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { caIn } from '../../src/trust/read-ca.ts';
import type { VaultData } from '../../src/vault/api.ts';
import { errorOf } from '../kubernetes/folder.ts';

/** Law: the config of a mount says where its tokens go, so it is read before a token is made and again after the last. */
const server = 'https://api.example.com:6443';
const evil = 'https://evil.example.com';
const other = 'https://10.0.0.1:6443';
let ca: string;
let attackers: string;
beforeAll(async () => {
  ca = (await createAuthority('own')).certificate;
  attackers = (await createAuthority('attacker')).certificate;
});

/** A Vault that answers with one config after the other, the last one for ever. */
function probing(...configs: (VaultData | undefined | VaultbindError)[]): Probing & { asked: string[] } {
  const asked: string[] = [];
  const reread = async (path: string) => {
    asked.push(path);
    const next = configs.length > 1 ? configs.shift() : configs[0];
    if (next instanceof VaultbindError) throw next;
    return next;
  };
  return { asked, vault: { reread }, kubernetes: { server, ca: caIn(ca) } } as unknown as Probing & { asked: string[] };
}

const forbidden = new SystemError({ code: 'operator-forbidden', subject: 'auth/k/config', message: 'may not' });
const sealed = new SystemError({ code: 'vault-sealed', subject: '', message: 'sealed' });
const config = (host: string, cert = '', local = false) => ({
  kubernetes_host: host,
  kubernetes_ca_cert: cert,
  disable_local_ca_jwt: !local,
});

describe('a mount is vouched for', () => {
  const vouched = async (stored: VaultData, word: OperatorsWord = noWord) =>
    (await mountGate(probing(stored), word).vouch('k')).by;

  it('by the server of the kubeconfig', async () => expect(await vouched(config(server, ca))).toBe('server'));
  it('by the own CA', async () => expect(await vouched(config(other, ca))).toBe('ca'));
  it('by --cluster-host', async () =>
    expect(await vouched(config(other, attackers), { ...noWord, clusterHost: other })).toBe('operator'));
  it('by --trust-mount, and is not looked at then', async () => {
    const asking = probing(config(evil, attackers));
    expect((await mountGate(asking, { ...noWord, mounts: ['k'] }).vouch('k')).by).toBe('mount');
    expect(asking.asked).toEqual([]);
  });
  it('once, however many log in', async () => {
    const asking = probing(config(server, ca));
    const gate = mountGate(asking);
    await Promise.all([gate.vouch('k'), gate.vouch('k'), gate.vouch('k')]);
    expect(asking.asked).toEqual(['auth/k/config']);
  });
});

describe('a mount is refused', () => {
  it.each<[what: string, stored: () => VaultData | undefined | SystemError, says: RegExp, exit: number]>([
    ['that leads elsewhere', () => config(evil, attackers), /passes tokens on to "https:\/\/evil/, 1],
    ['that leads elsewhere with public roots', () => config(evil), /passes tokens on to/, 1],
    ["at the kubeconfig's server under another CA", () => config(server, attackers), /another machine/, 1],
    ["at the kubeconfig's server under public roots", () => config(server), /another machine/, 1],
    ["at the kubeconfig's server under what is no CA", () => config(server, 'DATA+OMITTED'), /another machine/, 1],
    ['with the own CA beside another', () => config(other, `${ca}${attackers}`), /passes tokens on to/, 1],
    [
      "that takes its Pod's CA",
      () => config(server, '', true),
      /CA: Vault takes that of its own Pod, which may be in/,
      1,
    ],
    ['that names no API server', () => ({ oidc_discovery_url: evil }), /names no API server/, 1],
    ['whose host is no text', () => ({ kubernetes_host: [server] }), /names no API server/, 1],
    ['without a config', () => undefined, /has no configuration/, 1],
    ['whose config may not be read', () => forbidden, /may not be read, so nobody knows which cluster/, 4],
  ])('%s', async (_what, stored, says, exit) => {
    const error = await errorOf(mountGate(probing(stored()), { ...noWord, mounts: ['elsewhere'] }).vouch('k'));
    expect([error.code, error.exit, error.problems[0]?.subject]).toEqual(['mount-not-vouched', exit, 'auth/k']);
    expect(error.message).toMatch(says);
    expect(error.problems[0]?.fix?.at(-1)?.why).toContain('--trust-mount k');
  });

  it('not where Vault does not answer: that is told as it is', async () => {
    expect((await errorOf(mountGate(probing(sealed)).vouch('k'))).code).toBe('vault-sealed');
  });
});

describe('a mount whose config changes while tokens are shown to it', () => {
  const changes: [what: string, later: () => VaultData | undefined | SystemError][] = [
    ['leads elsewhere', () => config(evil, ca)],
    ['has another CA', () => config(server, attackers)],
    ['has no config', () => undefined],
    ['cannot be read', () => forbidden],
  ];

  it.each(changes)('and then %s is told', async (_what, later) => {
    const gate = mountGate(probing(config(server, ca), later()));
    await gate.vouch('k');
    expect(await gate.recheck()).toMatchObject([{ code: 'mount-not-vouched', subject: 'auth/k' }]);
  });

  it('is told not to have been looked at where the run was stopped', async () => {
    const stopped = new InterruptedError({ code: 'interrupted', subject: '', message: 'interrupted' });
    const gate = mountGate(probing(config(server, ca), stopped));
    await gate.vouch('k');
    expect((await gate.recheck())[0]?.message).toContain('was not looked at again, since the run was stopped');
  });

  it('in nothing that matters is not', async () => {
    const gate = mountGate(probing({ ...config(server, ca), issuer: 'a' }, { ...config(server, ca), issuer: 'b' }));
    await gate.vouch('k');
    expect(await gate.recheck()).toEqual([]);
  });

  it('fails verify, although every login went through', async () => {
    const asked = question(
      {
        ...{ id: 'login', title: () => 'log in', cost: 'login' as const, access: () => [] },
        run: async ({ gate }) => (await gate.vouch('k')).by,
      },
      null,
    );
    const judge = () => ({ status: 'ok' as const, code: 'in-place' as const, message: 'logs in' });
    const check = { title: 'logs in', subject: 'k', about: [], needs: [asked], judge };
    const newLaboratory = () => laboratory(probing(config(server, ca), config(evil, ca)), { deadline: 10_000 });
    const options = { observer: () => undefined, parallel: 1, signal: new AbortController().signal };
    const { findings } = await verify([{ step: 'login', check }], newLaboratory, options);
    expect(findings.map(({ status, code }) => `${status} ${code}`)).toEqual([
      'ok in-place',
      'failed mount-not-vouched',
    ]);
  });
});
