import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue, causesPage } from '../../src/causes/catalogue.ts';
import { type CauseId, causes } from '../../src/codes.ts';
import { hasSecretShape } from '../../src/secret.ts';

const page = join(import.meta.dirname, '..', '..', 'src', 'causes', 'CAUSES.md');
const ids = Object.keys(causes) as CauseId[];

describe('CAUSES.md', () => {
  it('is made from the catalogue', () => {
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(page, causesPage());
    expect(existsSync(page) ? readFileSync(page, 'utf8') : '', 'run with UPDATE_GOLDEN=1').toBe(causesPage());
  });

  it('has one anchor for each cause', () => {
    const headings = [...causesPage().matchAll(/^## (.+)$/gm)].map(([, id]) => id);
    expect(headings).toEqual(ids);
  });

  it('links to nothing that it does not have', () => {
    const targets = [...causesPage().matchAll(/\]\(#([^)]+)\)/g)].map(([, id]) => id);
    expect(targets.filter((id) => !ids.some((one) => one === id))).toEqual([]);
  });

  it('holds nothing of the shape of a secret', () => expect(hasSecretShape(causesPage())).toBe(false));
});

describe('the catalogue', () => {
  it('explains exactly the causes there are', () => {
    expect(Object.keys(catalogue).toSorted()).toEqual(ids.toSorted());
  });

  it.each(ids)('%s is said in full sentences, and told from something else', (id) => {
    const { looksLike, why, tellApart, mend } = catalogue[id];
    for (const text of [looksLike, why, mend]) expect(text).toMatch(/^[A-Z`\d].*[.)]$/s);
    for (const how of Object.values(tellApart)) expect(how).toMatch(/[^.]$/);
    expect(Object.keys(tellApart).length).toBeGreaterThan(0);
    expect(Object.keys(tellApart)).not.toContain(id);
    expect(causes[id]).not.toMatch(/\{|\$|<|\.$/);
  });
});
