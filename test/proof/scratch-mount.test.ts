import { describe, expect, it } from 'vitest';
import { isLeftover, scratchDescription } from '../../src/proof/scratch-mount.ts';

describe('a scratch mount is a leftover', () => {
  const now = new Date('2026-06-01T12:00:00Z');
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
  const mine = 'vaultbind-probe-0123456789ab/';
  const made = (description: string, type = 'kubernetes') => ({ type, description });
  const elsewhere = (minutes: number) => scratchDescription(ago(minutes)).replace(/on [0-9a-f]{8}/, 'on 00000000');
  const gone = (minutes: number) => scratchDescription(ago(minutes)).replace(/process \d+/, 'process 2147483646');
  const table: [title: string, path: string, mount: object, left: boolean][] = [
    ['of a process that is gone', mine, made(gone(0)), true],
    ['not of one that runs', mine, made(scratchDescription(ago(1))), false],
    ['of one that has run impossibly long', mine, made(scratchDescription(ago(11))), true],
    ['not of another machine, a minute ago', mine, made(elsewhere(1)), false],
    ['of another machine, long ago', mine, made(elsewhere(11)), true],
    ['not with another description', mine, made('mine, keep'), false],
    ['not of another type', mine, made(gone(20), 'userpass'), false],
    ['not with another name', 'vaultbind-probe-mine/', made(gone(20)), false],
    ['not below another path', 'team/vaultbind-probe-0123456789ab/', made(gone(20)), false],
  ];
  it.each(table)('%s', (_title, path, mount, left) => {
    expect(isLeftover(path, mount, now)).toBe(left);
  });
});
