import { describe, expect, it } from 'vitest';
import { overhear } from '../../src/proof/monitor.ts';
import type { VaultProber } from '../../src/vault/api.ts';

const accessor = 'auth_kubernetes_1234abcd';

/** Only the log; a real server's lines hold no secrets as long as nobody made a mistake. */
function saying(...lines: (object | string)[]): VaultProber {
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const stream = {
    status: 200,
    lines: (async function* () {
      yield* texts;
    })(),
    close: () => undefined,
  };
  return { monitor: async () => stream } as unknown as VaultProber;
}

const line = (module: string, error: string) => ({
  '@level': 'debug',
  '@message': 'login unauthorized',
  '@module': module,
  error,
});

async function heard(...lines: (object | string)[]): Promise<string[]> {
  const { overheard } = await overhear(saying(...lines), { accessor, monitor: true }, async () => undefined);
  return overheard.listened ? overheard.lines : [];
}

describe("what is kept of Vault's log", () => {
  it('is what the auth method of this accessor says', async () => {
    expect(
      await heard(
        line(`auth.kubernetes.${accessor}`, 'ours'),
        line('auth.kubernetes.auth_kubernetes_9999ffff', `theirs, about ${accessor}`),
        line('core', `${accessor} mounted`),
        `not JSON, ${accessor}`,
      ),
    ).toEqual(['login unauthorized: ours']);
  });

  it.each([
    ['a JWT', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5Y2FuYXJ5'],
    ['a token of Vault', 'hvs.CAESICanaryCanaryCanaryCanaryCanary'],
  ])('has %s taken out', async (_what, secret) => {
    const [said = ''] = await heard(line(`auth.kubernetes.${accessor}`, `dial with ${secret} failed`));
    expect(said).toMatch(/^login unauthorized: dial with .* failed$/);
    expect(said).not.toContain(secret);
  });
});

describe('a log', () => {
  const listen = (lines: AsyncIterable<string>, attempt: () => Promise<unknown>) => {
    const stream = { status: 200, body: '', lines, close: () => undefined };
    const vault = { monitor: async () => stream } as unknown as VaultProber;
    return overhear(vault, { accessor, monitor: true }, attempt);
  };
  const ours = JSON.stringify(line(`auth.kubernetes.${accessor}`, 'x'.repeat(3_000)));

  it('without an end is kept up to a limit', async () => {
    let said = 0;
    let over = () => {};
    const ended = new Promise<void>((done) => {
      over = done;
    });
    const endless = (async function* () {
      try {
        for (; said < 1_000_000; said += 1) yield ours;
      } finally {
        over();
      }
    })();
    const { overheard } = await listen(endless, () => ended);
    expect([overheard.listened && overheard.lines.length < 1_000, said < 1_000]).toEqual([true, true]);
  });

  it('that breaks off has not been silent', async () => {
    const broken = (async function* (): AsyncGenerator<string> {
      yield* ['a line of somebody else'];
      throw new Error('the connection broke');
    })();
    const { overheard } = await listen(broken, () => new Promise((done) => setImmediate(done)));
    expect(overheard.listened).toBe(false);
  });
});
