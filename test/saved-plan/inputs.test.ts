import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecipe } from '../../src/recipe/read.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import { decided, planOf, saved } from './scene.ts';

/** An object of a step that there is. */
const [made] = decided;
if (!made) throw new Error('there are some');
const ofAStep = { ...made, step: { ...made.step, name: 'write-policy' } };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
  const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
  put('cut.json', JSON.stringify(saved()).slice(0, 400));
  put('cut.yaml', JSON.stringify(saved()).slice(0, 400));
  put('edited.yml', JSON.stringify(saved(), null, 2).replace('a-vault', 'b-vault'));
  put('edited.json', JSON.stringify(saved()).replace('a-vault', 'b-vault'));
  put('old.json', JSON.stringify({ ...saved(), schema_version: 0 }));
  put('good.json', JSON.stringify(saved({ chosen: new Set(['write-policy']), planned: planOf([ofAStep]) })));
  put('unknown.json', JSON.stringify(saved()));
  put('moved.yaml', 'version: 1\nname: moved\nauth: {path: kube, reviewer: {service_account: infra/reviewer}}\n');
  put('bad.yaml', 'version: 1\nname: bad\nauht: {}\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function told(...args: string[]) {
  const env = { HOME: folder, KUBECONFIG: join(folder, 'none') };
  const result = await runCli([...args, '-o', 'json'], { env, cwd: folder });
  return { exit: result.exit, codes: reportOf(result).findings.map(({ code }) => code) };
}

const nothingElse = ['address-missing', 'token-missing'];

describe('a plan that cannot be applied is told with all else that is missing', () => {
  it.each([
    ['one that is cut off', ['cut.json'], ['confirmation-needed', 'plan-unreadable', ...nothingElse]],
    ['one that was edited', ['edited.json', '--yes'], ['plan-unreadable', ...nothingElse]],
    ['one that is named like a recipe', ['edited.yml', '--yes'], ['plan-unreadable', ...nothingElse]],
    ['one that is named so and cut off', ['cut.yaml', '--yes'], ['plan-unreadable', ...nothingElse]],
    ['none but a recipe', ['bad.yaml', '--yes'], ['recipe-missing', 'recipe-unknown-key', ...nothingElse]],
    ['one that is not there', ['none.json', '--ci'], ['confirmation-needed', 'plan-unreadable', ...nothingElse]],
    ['one with steps that nobody knows', ['unknown.json', '--yes'], ['plan-unreadable', ...nothingElse]],
    ['one of another schema', ['old.json', '--yes'], ['plan-stale', ...nothingElse]],
    ['one of another recipe', ['good.json', '--yes', '-f', 'moved.yaml'], ['plan-stale', ...nothingElse]],
    [
      'one that is cut off, with a recipe that has a mistake',
      ['cut.json', '--yes', '-f', 'bad.yaml'],
      ['plan-unreadable', 'recipe-missing', 'recipe-unknown-key', ...nothingElse],
    ],
    [
      'one that is cut off, with a ceiling that is not there',
      ['cut.json', '--yes', '--ceiling', 'none.yaml'],
      ['plan-unreadable', 'ceiling-unreadable', ...nothingElse],
    ],
    [
      'one that is cut off, with flags that go with no plan',
      ['cut.json', '--only', 'login', '--rewrite', 'x', '--yes'],
      ['usage', 'plan-unreadable', ...nothingElse],
    ],
  ])('%s', async (_what, args, codes) => {
    const { exit, codes: found } = await told('apply', ...args);
    expect([exit, [...new Set(found)]]).toEqual([3, codes]);
  });
});

describe('other mistakes on the command line are told with all else that is missing', () => {
  it.each([
    [
      ['plan', '--only', 'nothing', '--out', '-'],
      ['usage', 'usage'],
    ],
    [
      ['plan', '--show-commands', '--skip', 'nothing'],
      ['usage', 'usage'],
    ],
    [['verify', '--only', 'nothing'], ['usage']],
    [['apply', '--only', 'nothing'], ['usage']],
    [['apply', '--only', 'bind-role'], ['confirmation-needed']],
  ])('%s', async (args, codes) => {
    const { exit, codes: found } = await told(...args, '-f', 'bad.yaml');
    expect([exit, found]).toEqual([3, [...codes, 'recipe-missing', 'recipe-unknown-key', ...nothingElse]]);
  });

  it('doctor --fix', async () => {
    const { exit, codes } = await told('doctor', '--fix', '-f', 'bad.yaml');
    expect([exit, codes]).toEqual([3, ['recipe-missing', 'recipe-unknown-key', 'confirmation-needed']]);
    expect(await told('doctor', '--fix')).toEqual({ exit: 3, codes: ['usage', 'confirmation-needed'] });
  });
});

it('a plan of a folder is stale once a recipe comes to it, or gets another name', async () => {
  const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
  mkdirSync(join(folder, 'd'));
  put('d/a.yaml', 'version: 1\nname: many\nauth: {path: kube, reviewer: {service_account: infra/reviewer}}\n');
  put('d/b.yaml', 'version: 1\nroles: [{name: b, service_accounts: [default/b], token_policies: [b]}]\n');
  const { recipe, sources } = readRecipe(['./d'], { cwd: folder, env: {}, allowedEnv: [] });
  const parts = { recipe, sources, chosen: new Set(['write-policy']), planned: planOf([ofAStep]) };
  put('folder.json', JSON.stringify(saved(parts)));
  const codes = async () => [...new Set((await told('apply', 'folder.json', '--yes')).codes)];
  expect(await codes()).toEqual([...nothingElse, 'kubernetes-context-missing']);
  put('d/c.yaml', 'version: 1\n');
  expect(await codes()).toEqual(['plan-stale', ...nothingElse]);
  rmSync(join(folder, 'd/c.yaml'));
  renameSync(join(folder, 'd/b.yaml'), join(folder, 'd/z.yaml'));
  expect(await codes()).toEqual(['plan-stale', ...nothingElse]);
});
