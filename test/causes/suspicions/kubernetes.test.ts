import { describe, expect, it } from 'vitest';
import { kubernetesCauses } from '../../../src/causes/suspicions/kubernetes.ts';
import { bare, examination, hidden, login, type Row, told } from '../healthy.ts';

const table: Row[] = [
  ['answers', {}],
  [
    'does not answer, and a login was refused',
    { kubernetes: hidden('kubernetes-unreachable'), login: bare(null) },
    'kubernetes-unreachable likely',
  ],
  [
    'does not answer, and a login went through: Vault reaches it',
    { kubernetes: hidden('kubernetes-unreachable'), login: login() },
    'kubernetes-unreachable possible',
  ],
  ['does not answer in time', { kubernetes: hidden('timeout'), login: bare(null) }, 'kubernetes-unreachable likely'],
  [
    'does not know who asks',
    { kubernetes: hidden('kubernetes-credentials-rejected') },
    'kubernetes-credentials-rejected certain',
  ],
  [
    'by a plugin that failed',
    { kubernetes: hidden('kubernetes-plugin-failed') },
    'kubernetes-credentials-rejected certain',
  ],
  ['allows less than was asked, which is no fault', { kubernetes: hidden('kubernetes-forbidden') }],
  [
    'context that does not exist',
    { kubernetes: hidden('kubernetes-context-missing') },
    'kubernetes-context-missing certain',
  ],
];

describe("the operator's cluster", () => {
  it.each(table)('%s', (_what, change, ...says) => expect(told(kubernetesCauses(examination(change)))).toEqual(says));
});
