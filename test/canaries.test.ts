import { describe, expect, it } from 'vitest';
import { Secret, scrub } from '../src/secret.ts';
import { sightings } from './canaries.ts';

const value = 'canary!tok+en/"9%41~zzz';
const forms: [string, string][] = [
  ['plain', `token ${value}.`],
  ['JSON', JSON.stringify({ token: value })],
  ['a URL', `/v1/x?token=${encodeURIComponent(value)}&y`],
  ['base64', Buffer.from(value).toString('base64')],
  ['base64url', Buffer.from(value).toString('base64url')],
];

describe('a canary', () => {
  it.each(forms)('is seen in %s', (where, text) =>
    expect(sightings([{ name: 'x', value }], [{ where, text }])).toEqual([`${where}: x`]),
  );
  it.each([0, 1, 2, 3])('is seen in base64 of a longer text, %i bytes in', (offset) => {
    const text = Buffer.from(`${'u'.repeat(offset)}${value}:tail`).toString('base64');
    expect(sightings([{ name: 'x', value }], [{ where: 'here', text }])).toEqual(['here: x']);
  });
  it('is not seen where it is not', () =>
    expect(sightings([{ name: 'x', value }], [{ where: 'here', text: 'canary' }])).toEqual([]));
});

describe('scrub', () => {
  it.each([0, 1, 2, 7])('takes a known secret out of base64 of a longer text, %i bytes in', (offset) => {
    new Secret(value);
    const text = Buffer.from(`${'u'.repeat(offset)}${value}:tail`).toString('base64');
    expect(sightings([{ name: 'x', value }], [{ where: 'here', text: scrub(text) }])).toEqual([]);
  });
  it('leaves other text as it is', () => {
    const text = 'service account name not authorized /v1/sys/internal/ui/mounts eHh4eHh4eHh4eHh4eHh4';
    expect(scrub(text)).toBe(text);
  });

  it.each(forms)('takes a known secret out of %s', (where, text) => {
    new Secret(value);
    expect(sightings([{ name: 'x', value }], [{ where, text: scrub(text) }])).toEqual([]);
  });
});
