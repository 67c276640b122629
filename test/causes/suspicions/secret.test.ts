import { describe, expect, it } from 'vitest';
import { secretCauses } from '../../../src/causes/suspicions/secret.ts';
import { shownFix } from '../../../src/model/printed.ts';
import { bare, examination, fact, hidden, login, type Row, role, secret, told, withoutRecipe } from '../healthy.ts';

const { patient } = examination();
const answer = (status: number, said = '') => login({ answers: { [`GET ${secret}`]: { status, said } } });
const engine = (version: 1 | 2) =>
  new Map([[secret, fact({ engine: { mount: 'secret/', type: 'kv', version }, mounts: ['secret/'] })]]);
const reads = (...paths: string[]) => ({
  ...patient,
  can: paths.map((path) => ({ capability: 'read', path, at: { file: '', line: 1, column: 1 } })),
});
const listed = new Map([[secret, fact({ mounts: ['kv/'] })]]);
const bareKey = 'secret/app/config';

const table: Row[] = [
  ['is there', {}],
  ['is not there', { login: answer(404) }, 'secret-missing certain'],
  ['was never asked for, since the login was refused', { login: bare(null) }],
  ['could not be read, because Vault fails', { login: answer(500) }, 'vault-error certain'],
  ['is refused although the token may', { login: answer(403) }, 'policy-denied-by-other certain'],
  [
    'lies in no secrets engine',
    { secrets: listed, login: login({ answers: {}, untried: { [`GET ${secret}`]: { because: '', absent: true } } }) },
    'secrets-engine-missing certain',
  ],
  [
    'lies in no secrets engine, and was not tried',
    { secrets: listed, login: bare(null) },
    'secrets-engine-missing likely',
  ],
  ['lies in a mount that no list shows, and was read', { secrets: listed }],
  [
    'lies in a mount that no list shows, and is not there',
    { secrets: listed, login: answer(404) },
    'secret-missing certain',
  ],
  ['lies where nothing may be seen', { secrets: new Map([[secret, fact({ mounts: [] })]]) }],
  [
    'lies where only some mounts may be seen',
    { secrets: new Map([[secret, fact({ mounts: ['kv/'], partial: true })]]) },
  ],
  ['lies where nobody could look', { secrets: new Map([[secret, hidden()]]) }],
  [
    'is asked for as of version 2 and is of version 1',
    { secrets: engine(1), login: answer(404) },
    'secrets-engine-version certain',
  ],
  [
    'is asked for as of version 1 and is of version 2',
    {
      patient: reads(bareKey),
      secrets: new Map([
        [bareKey, fact({ engine: { mount: 'secret/', type: 'kv', version: 2 as const }, mounts: ['secret/'] })],
      ]),
    },
    'secrets-engine-version certain',
  ],
  [
    'is read by a token that lives shorter than asked',
    {
      login: login({
        warnings: ['TTL of "1h" exceeded the effective max_ttl of "5m"; TTL value is capped accordingly'],
      }),
    },
    'token-ttl-capped certain',
  ],
  [
    'is read by a token of too few uses',
    { patient: reads(secret, 'secret/data/b'), role: fact({ ...role, token_num_uses: 1 }) },
    'token-used-up certain',
  ],
  ['is read by a token of just enough uses', { role: fact({ ...role, token_num_uses: 1 }) }],
];

describe('the secret', () => {
  it.each(table)('%s', (_what, change, ...says) => expect(told(secretCauses(examination(change)))).toEqual(says));
  it.each(['secret/data/x', 'database/creds/app', 'auth/kube/role/r'])('%s in no engine proposes none', (path) => {
    const secrets = new Map([[path, fact({ mounts: ['kv/'] })]]);
    const untried = { [`GET ${path}`]: { because: '', absent: true as const } };
    const answered = login({ capabilities: { [path]: ['read'] }, answers: {}, untried });
    const [one] = secretCauses(examination({ patient: reads(path), secrets, login: answered }));
    expect(one?.cause).toBe('secrets-engine-missing');
    expect(JSON.stringify(one?.fix)).not.toContain('secrets enable');
  });
  it('that was deleted is brought back rather than written anew', () => {
    const [one] = secretCauses(examination({ login: answer(404, 'version 3 was deleted at 2026-01-01') }));
    expect(one?.fix.map(shownFix)[0]?.command).toBe('vault kv undelete -versions=3 secret/app/config');
  });
  it('of a token of too few uses: the written role keeps its selector, which a write clears when it is left out', () => {
    const selector = { bound_service_account_namespace_selector: '{"matchLabels":{"team":"a"}}' };
    const few = (more: object) =>
      withoutRecipe({
        patient: { ...withoutRecipe().patient, can: reads(secret, 'secret/data/b').can },
        role: fact({ ...role, ...more, token_num_uses: 1 }),
      });
    const [kept, plain] = [few(selector), few({})].map((x) => secretCauses(x)[0]?.fix.map(shownFix)[0]?.command);
    const write = 'vault write auth/k/role/app token_num_uses=2';
    expect(plain).toBe(write);
    expect(kept).toBe(
      `${write} bound_service_account_namespace_selector='${selector.bound_service_account_namespace_selector}'`,
    );
  });
});
