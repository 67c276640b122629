import { describe, expect, it } from 'vitest';
import { chainOf } from '../../src/causes/chain.ts';
import { diagnose } from '../../src/causes/diagnose.ts';
import { Secret } from '../../src/secret.ts';
import { bare, type Change, examination, fact, handshake, hidden, login, refused, role, secret } from './healthy.ts';

const links = ['service-account', 'token', 'mount', 'role', 'token-review', 'policy', 'secret'];
const unreachable = { health: hidden('vault-unreachable'), login: hidden('vault-unreachable') };

/** The link that is broken; `none`: all are good; `unknown`: nothing can be said. */
const table: [what: string, change: Change, broken: string][] = [
  ['a healthy login', {}, 'none'],
  ['Vault that does not answer', unreachable, 'unknown'],
  ['a login that could not be tried', { login: hidden() }, 'unknown'],
  [
    'an account that is missing',
    { account: fact({ exists: false, namespaceExists: true }), login: hidden() },
    'service-account',
  ],
  ['a token that has ended', { login: refused('invalid expiration time (exp) claim: token is expired') }, 'token'],
  ['a mount that is missing', { mount: fact(undefined), config: fact(undefined), login: bare() }, 'mount'],
  ['a role that is missing', { role: fact(undefined), login: refused('invalid role name "app"') }, 'role'],
  [
    'a namespace that is not bound',
    { role: fact({ ...role, bound_service_account_namespaces: ['b'] }), login: refused('namespace not authorized') },
    'role',
  ],
  ['a reviewer that may not', { mayReview: fact({ allowed: false, reason: '' }), login: bare() }, 'token-review'],
  [
    'a CA that does not sign',
    { handshake: fact({ ...handshake, status: 'untrusted' }), login: bare() },
    'token-review',
  ],
  [
    'a policy that is missing',
    { policies: new Map([['app', fact(undefined)]]), login: login({ capabilities: { [secret]: ['deny'] } }) },
    'policy',
  ],
  [
    'a secret that is missing',
    { login: login({ answers: { [`GET ${secret}`]: { status: 404, said: '' } } }) },
    'secret',
  ],
  [
    'a kubeconfig that is refused, beside a login that went through',
    { kubernetes: hidden('kubernetes-credentials-rejected') },
    'none',
  ],
];

function drawn(change: Change) {
  const x = examination(change);
  return chainOf(x, diagnose(x));
}

describe('the chain', () => {
  it.each(table)('of %s', (_what, change, broken) => {
    const chain = drawn(change)?.links ?? [];
    const shown = Object.fromEntries(chain.map(({ link, status }) => [link, status]));
    const at = links.indexOf(broken);
    // A policy that is not known has no link.
    const wanted = links
      .filter((link) => link in shown)
      .map((link) => {
        const index = links.indexOf(link);
        if (broken === 'none') return [link, 'ok'];
        if (broken === 'unknown') return [link, 'unknown'];
        return [link, index < at ? 'ok' : index === at ? 'failed' : 'unknown'];
      });
    expect(shown).toEqual(Object.fromEntries(wanted));
    expect(Object.keys(shown)).toEqual(links.filter((link) => link in shown));
  });

  it('names the account that was asked for, even if it was never tried', () => {
    const rest = examination({ ...unreachable, tried: null });
    expect(chainOf(rest, diagnose(rest))?.service_account).toBe('a/my-sa');
  });
  it('of a given token names no account', () => {
    const { service_account: _, ...patient } = examination().patient;
    const rest = examination({ patient: { ...patient, jwt: new Secret('a.b.c') }, tried: null });
    expect(chainOf(rest, diagnose(rest))?.service_account).toBe('(given token)');
  });
  it('is not drawn without a role', () => {
    const { role: _, ...patient } = examination().patient;
    expect(drawn({ patient })).toBeUndefined();
  });
});
