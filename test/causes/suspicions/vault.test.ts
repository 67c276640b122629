import { describe, expect, it } from 'vitest';
import { operatorCauses, vaultCauses } from '../../../src/causes/suspicions/vault.ts';
import { SystemError } from '../../../src/errors.ts';
import { examination, fact, hidden, type Row, told } from '../healthy.ts';

const health = { version: '2.7.2', product: 'openbao' as const, sealed: false, initialized: true, standby: false };

const states: Row[] = [
  ['all is well', {}],
  ['sealed', { health: fact({ ...health, sealed: true }) }, 'vault-sealed certain'],
  [
    'not initialised, and sealed as well',
    { health: fact({ ...health, sealed: true, initialized: false }) },
    'vault-uninitialized certain',
  ],
  ['no answer', { health: hidden('vault-unreachable') }, 'vault-unreachable certain'],
  ['no answer in time', { health: hidden('timeout') }, 'vault-unreachable certain'],
  ['a certificate nobody trusts', { health: hidden('vault-tls-untrusted') }, 'vault-tls-untrusted certain'],
  ['http to https', { health: hidden('vault-scheme-mismatch') }, 'vault-scheme-mismatch certain'],
  ['a web page', { health: hidden('vault-not-vault') }, 'vault-not-vault certain'],
  ['no address was given, so nothing was tried', { health: hidden('usage') }],
];

describe('vault', () => {
  it.each(states)('%s', (_what, change, ...says) => expect(told(vaultCauses(examination(change)))).toEqual(says));

  it('names the address that was tried', () => {
    expect(vaultCauses(examination({ health: hidden('vault-unreachable') }))[0]?.subject).toBe(
      'https://vault.example.com:8200',
    );
  });
  it('passes on what the gateway advises', () => {
    const because = new SystemError({
      code: 'vault-unreachable',
      subject: '',
      message: 'refused',
      fix: [{ why: 'start it' }],
    });
    expect(vaultCauses(examination({ health: { known: false, because } }))[0]?.fix).toEqual([{ why: 'start it' }]);
  });
});

const tokens: Row[] = [
  ['alive', {}],
  ['narrow, which is no fault', { operator: hidden('operator-forbidden') }],
  ['dead', { operator: hidden('operator-token-invalid') }, 'operator-token-invalid certain'],
  ['not given', { operator: hidden('token-missing') }],
];

describe("the operator's token", () => {
  it.each(tokens)('%s', (_what, change, ...says) => expect(told(operatorCauses(examination(change)))).toEqual(says));
});
