import { expect, it } from 'vitest';
import { silenceCauses } from '../../../src/causes/suspicions/silence.ts';
import { AfterLoginError, SystemError } from '../../../src/errors.ts';
import { examination } from '../healthy.ts';

const late = { code: 'timeout', subject: 'x', message: 'no answer in time' } as const;
const causesWith = (because: SystemError) =>
  silenceCauses(examination({ login: { known: false, because } })).map(({ cause }) => cause);

it('a login without an answer may wait for the API server', () => {
  expect(causesWith(new SystemError(late))).toEqual(['host-unreachable']);
});

it('what came late after a login that was answered says nothing of the API server', () => {
  expect(causesWith(new AfterLoginError(late))).toEqual([]);
});
