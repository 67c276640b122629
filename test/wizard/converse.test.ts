import { describe, expect, it } from 'vitest';
import type { Tree } from '../../src/recipe/tree.ts';
import type { Next, Person, Reply, Shown } from '../../src/wizard/ask.ts';
import { type Conversation, converse } from '../../src/wizard/converse.ts';
import { createGivenAnswers } from '../../src/wizard/given-answers.ts';
import { nowOf } from './look.ts';

type Line = [asked: string, answer: string[] | 'back'] | [page: Next];

interface Scene extends Partial<Pick<Conversation, 'refusals' | 'given'>> {
  before?: Tree;
  accounts?: string[];
  secrets?: string[];
  address?: string;
}

/** A person who follows a script; what was shown and told on the way. */
async function played(
  lines: Line[],
  {
    before = {},
    accounts = ['a/stranger', 'default/app', 'default/default', 'z/app'],
    secrets = ['secret/data/app/config', 'secret/data/stranger'],
    address = 'https://vault.example.com:8200',
    ...more
  }: Scene = {},
) {
  const pages: Shown[][] = [];
  const told: string[] = [];
  const defaults: [label: string, byDefault: string | undefined, first: string | undefined][] = [];
  const said = createGivenAnswers();
  const next = (): Line => lines.shift() ?? ['nothing more', []];
  const unexpected = async () => {
    throw new Error('nobody asks that here');
  };
  const ask: Person = {
    ...{ somebody: true, text: unexpected, hidden: unexpected, choice: unexpected },
    tell: (one) => void ('warning' in one && told.push(one.warning)),
    question: async ({ label }, offer): Promise<Reply> => {
      defaults.push([label, offer.default, offer.choices[0]?.value]);
      const [asked, answer] = next();
      expect(label).toBe(asked);
      return answer === 'back' ? answer : { values: answer ?? [] };
    },
    page: async (shown) => {
      pages.push(shown);
      const [turn, none] = next();
      expect(none).toBeUndefined();
      return turn as Next;
    },
  };
  const ended = await converse({
    ...{ ask, said, given: new Map(), refusals: () => [] },
    ...more,
    before: { answers: before, wrong: [] },
    facts: async (answers) =>
      nowOf(
        answers,
        { address, secrets: async () => ({ found: secrets }) },
        { accounts: async () => ({ found: accounts }) },
      ),
    interruptible: async (look) => await look,
  });
  expect(lines).toEqual([]);
  return { ...ended, pages, told, defaults, flags: said.flags() };
}

const who: Line = ['Who logs in', ['default/app']];
const which: Line = ['Secrets', ['secret/data/app/config']];
const numberOf = (label: string, shown: Shown[] | undefined) => (shown ?? []).findIndex((one) => one.label === label);

describe('a conversation', () => {
  it('asks whose access and to what, without a default, and shows all else at once', async () => {
    const { answers, pages, defaults, problems } = await played([who, which, ['take']]);
    expect([problems, defaults]).toEqual([
      [],
      [
        // Those of the context's namespace stand first.
        ['Who logs in', undefined, 'default/app'],
        ['Secrets', undefined, 'secret/data/app/config'],
      ],
    ]);
    expect(answers).toMatchObject({
      roles: [{ service_accounts: ['default/app'], audience: 'vault' }],
      policies: [{ rules: [{ path: 'secret/data/app/config' }] }],
    });
    expect([pages.length, pages[0]?.find(({ label }) => label === 'Who logs in')?.value]).toEqual([1, 'default/app']);
  });

  it('asks nothing where there is one account and one secret', async () => {
    const { answers } = await played([['take']], { accounts: ['z/app', 'z/default'], secrets: ['secret/data/x'] });
    expect(answers).toMatchObject({ roles: [{ service_accounts: ['z/app'] }] });
  });

  it.each([
    ['that is new', ['z/app'], 'z/new'],
    ['of several', ['z/app', 'z/other'], 'z/app'],
  ])('asks for the secret of an account %s, also where there is one', async (_which, accounts, account) => {
    const given = new Map([['--service-account <namespace/name>', [account]]]);
    const { defaults } = await played([['Secrets', ['secret/data/x']], ['take']], {
      ...{ accounts, secrets: ['secret/data/x'], given },
    });
    expect(defaults).toEqual([['Secrets', undefined, 'secret/data/x']]);
  });

  it.each([
    ['secret/data/app/config', 'access', 'recommended: each logs in, reads these, and may do no more'],
    ['secret/data/app/*', 'login', expect.stringContaining('each account logs in; no path without')],
  ])('promises of %s to prove %s, and that is in the recipe', async (path, value, says) => {
    const { pages, answers } = await played([who, ['Secrets', [path]], ['take']]);
    expect(pages[0]?.find(({ label }) => label === 'Prove')).toEqual({ label: 'Prove', value, says });
    const claims = value === 'access' ? { can: [`read ${path}`], cannot: [`update ${path}`] } : {};
    expect(answers['expect']).toEqual([{ role: 'app', service_account: 'default/app', ...claims }]);
  });

  it.each([
    ['16', 'seconds: 16s'],
    ['3600', 'seconds: 1h'],
    ['4h', undefined],
  ])('says of a login that lasts %s: %s', async (duration, says) => {
    const given = new Map([['--token-ttl <duration>', [duration]]]);
    const { pages } = await played([who, which, ['take']], { given });
    expect(pages[0]?.find(({ label }) => label === 'Login lasts')?.says).toBe(says);
  });

  it.each([
    ['https://vault.example.com:8200', 'yes'],
    ['http://127.0.0.1:8200', 'no'],
    ['https://localhost:8200', 'no'],
  ])('binds the recipe to the Vault at %s by default: %s', async (address, value) => {
    const { pages } = await played([who, which, ['take']], { address });
    expect(pages[0]?.find(({ label }) => label === 'One Vault only')?.value).toBe(value);
  });

  it('goes back to the answer before, and before the first to the connection', async () => {
    const { turn, flags } = await played([who, ['Secrets', 'back'], ['Who logs in', 'back']]);
    expect([turn, flags.size]).toEqual(['back', 0]);
  });

  it('lets an answer be changed by its number; what follows from it follows, what was said stays', async () => {
    const {
      pages: [shown],
    } = await played([who, which, ['take']]);
    const { answers, flags } = await played([
      ...[who, which],
      [{ change: numberOf('Login lasts', shown) }],
      ['Login lasts', ['20m']],
      [{ change: numberOf('Who logs in', shown) }],
      ['Who logs in', ['z/app']],
      [{ change: numberOf('Audience', shown) }],
      ['Audience', 'back'],
      ['take'],
    ]);
    expect(answers).toMatchObject({
      roles: [{ service_accounts: ['z/app'], token_ttl: '20m' }],
      expect: [{ service_account: 'z/app' }],
    });
    expect(Object.fromEntries(flags)).toEqual({
      '--service-account <namespace/name>': ['z/app'],
      '--secret <path>': ['secret/data/app/config'],
      '--token-ttl <duration>': ['20m'],
    });
  });

  it('points at the present answer when one is changed, also at one that was typed', async () => {
    const {
      pages: [shown],
    } = await played([who, which, ['take']]);
    const at: Line = [{ change: numberOf('Login lasts', shown) }];
    const { defaults } = await played([who, which, at, ['Login lasts', ['4h']], at, ['Login lasts', 'back'], ['take']]);
    expect(defaults.slice(2)).toEqual([
      ['Login lasts', '1h', '20m'],
      ['Login lasts', '4h', '4h'],
    ]);
  });

  it('takes one more role, and takes it back', async () => {
    const more: Line[] = [['Who logs in', ['z/app']], which, ['take']];
    const { answers, pages, flags } = await played([who, which, ['role'], ...more]);
    expect(answers).toMatchObject({ roles: [{ name: 'app' }, { name: 'app-2', service_accounts: ['z/app'] }] });
    expect(numberOf('Who logs in 2', pages[1])).toBeGreaterThan(0);
    expect(flags.get('--service-account <namespace/name>')).toEqual(['default/app']);
    const back = await played([who, which, ['role'], ['Who logs in', 'back'], ['take']]);
    expect(back.answers).toMatchObject({ roles: [{ name: 'app' }] });
  });

  it('asks again where a flag will not do, and shows nothing where flags and answers say all', async () => {
    const wrong = new Map([['--token-ttl <duration>', ['long']]]);
    const { told, answers } = await played([who, ['Login lasts', ['2h']], which, ['take']], { given: wrong });
    expect([told, answers['roles']]).toEqual([
      [expect.stringContaining('long: write a duration')],
      [expect.objectContaining({ token_ttl: '2h' })],
    ]);
  });

  it('does not take what would be refused, and takes it when it is mended', async () => {
    const refusals: Conversation['refusals'] = ({ name }) =>
      name === 'good' ? [] : [{ code: 'ceiling-exceeded', subject: 'name', message: 'beyond' }];
    const {
      pages: [shown],
    } = await played([who, which, ['take']]);
    const change: Line[] = [[{ change: numberOf('Name', shown) }], ['Name', ['good']], ['take']];
    const { problems, answers } = await played([who, which, ...change], { refusals });
    expect([problems, answers['name']]).toEqual([[], 'good']);
  });
});
