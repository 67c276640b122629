import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silent } from '../../src/sandbox/progress.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { runCli } from '../servers/cli.ts';
import { keys } from '../servers/conversation.ts';
import { products } from '../servers/servers.ts';
import { atPage, take, terminal } from './play.ts';

const run = terminal();

describe.each(products)('a newcomer with an empty %s and an empty cluster', (product) => {
  let folder: string;
  let sandbox: Sandbox;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
    sandbox = await startSandbox(
      { folder: join(folder, 'servers'), products: [product] },
      { env: process.env, progress: silent },
    );
  });
  afterAll(async () => {
    await sandbox?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is led by Enter alone, with neither VAULT_ADDR nor a token, to a proved login', async () => {
    const { VAULT_ADDR: address = '', VAULT_TOKEN: token = '', ...env } = sandbox.environment();
    const home = mkdtempSync(join(folder, 'home-'));
    const { exit, screen, raw } = await run(
      ['init'],
      [
        ['Address of Vault or OpenBao:', `\u0015${address}${keys.enter}`],
        ...take('token'),
        [`Token for ${address}:`, `${token}${keys.enter}`],
        atPage(''),
        ['(y/N)', `y${keys.enter}`],
      ],
      { env: { ...env, HOME: home, PATH: process.env['PATH'] ?? '' }, cwd: home },
    );
    expect(screen).toContain('logs in');
    expect(screen).toContain('ServiceAccount default/my-app ─▶ token ─▶ auth/kubernetes ─▶ role my-app');
    expect(screen).toContain(`VAULT_ADDR=${address} vaultbind apply -f my-app.yaml --yes`);
    expect(screen).toMatch(/In your Pod[\s\S]*audience: vault\n[\s\S]*to do it again/);
    expect(exit).toBe(0);
    expect(raw).not.toContain(token);
    expect(readdirSync(home)).toEqual(['my-app.yaml']);
    expect(readFileSync(join(home, 'my-app.yaml'), 'utf8')).not.toContain(token);
    const again = ['plan', '--detailed-exitcode', '-f', 'my-app.yaml'];
    const plan = await runCli(again, { env: { ...env, VAULT_ADDR: address, VAULT_TOKEN: token }, cwd: home });
    expect([plan.exit, plan.stderr]).toEqual([0, '']);
  });
});
