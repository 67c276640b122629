import { expect, it } from 'vitest';
import { createLedger, type Made } from '../../src/model/ledger.ts';
import { leftText } from '../../src/process/ending.ts';

const made = (kind: Made['kind'], at: string, who = ''): Made => ({ kind, at, who, lives: () => '60 s' });

it('what may be left is named with how long it lives and how it is ended, names of servers quoted', () => {
  const ledger = createLedger({ signal: new AbortController().signal, begin: () => () => undefined });
  const page = ledger.page();
  const stuck = async () => false;
  const workload = made('workload token', 'auth/kube/login', 'ServiceAccount a/b with role c');
  page.enter(workload).made({ accessor: "x'; rm y", lives: '9 s' }, stuck);
  page.enter(workload).lost();
  page.enter(made('login token', 'auth/userpass/login/ci')).made({ accessor: 'acc', lives: '9 s' });
  page.enter(made('child token', 'auth/token/create')).made({ accessor: 'acc', lives: '9 s' }, stuck);
  page.enter(made('child policy', 'sys/policies/acl/vaultbind-child-x')).made({}, stuck);
  page.enter(made('scratch mount', 'sys/auth/vaultbind-probe-x')).made({}, stuck);
  const a = 'warning: the token of ServiceAccount a/b with role c (login at auth/kube)';
  expect(leftText(ledger).trim().split('\n')).toEqual([
    `${a} could not be revoked and is good for up to 9 s; to end it now: vault token revoke -accessor 'x'\\''; rm y'`,
    `${a} may be there: no answer came to the login that rules it out; it is good for up to 60 s`,
    'warning: the token of the login at auth/userpass is a batch token, which ends by itself after 9 s',
    'warning: the child token could not be revoked and is good for up to 9 s; to end it now: vault token revoke -accessor acc',
    'warning: the policy of the child token could not be removed; to remove it: vault policy delete vaultbind-child-x',
    'warning: the scratch mount vaultbind-probe-x could not be removed; to remove it: vault auth disable vaultbind-probe-x',
  ]);
});
