import { describe, expect, it } from 'vitest';
import { logCauses } from '../../../src/causes/suspicions/log.ts';
import { bare, examination, hidden, type Row, told } from '../healthy.ts';

const refused =
  'login unauthorized: Post "https://10.0.0.1:6443/apis": dial tcp 10.0.0.1:6443: connect: connection refused';

const table: Row[] = [
  ['silent', { login: bare([]) }],
  ['not heard', { login: bare(null) }],
  ['no login', { login: hidden() }],
  ['says why', { login: bare([refused]) }, 'host-unreachable certain'],
  ['says something nobody knows', { login: bare(['login unauthorized: the moon is full']) }],
  [
    'says that a reviewer was refused: who it was is told elsewhere',
    { login: bare(['tokenreviews.authentication.k8s.io is forbidden: User "x"']) },
  ],
];

describe("Vault's log", () => {
  it.each(table)('%s', (_what, change, ...says) => expect(told(logCauses(examination(change)))).toEqual(says));
  it('is quoted', () => {
    const [one] = logCauses(examination({ login: bare([refused]) }));
    expect(one?.evidence).toEqual([{ experiment: "Vault's log", said: refused }]);
  });
});
