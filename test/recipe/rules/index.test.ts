import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rules } from '../../../src/recipe/rules/index.ts';
import { read, recipe } from '../reading.ts';

const folder = new URL('./', import.meta.url);
const source = new URL('../../../src/recipe/rules/', import.meta.url);

test('the recipe that the cases change has no mistakes', () => {
  expect(read(recipe()).warnings).toEqual([]);
});

test('every rule is in the list and has a case', async () => {
  const tables = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
  const files = readdirSync(source).filter((file) => !['index.ts', 'rule.ts', 'objection.ts'].includes(file));
  const modules = await Promise.all(files.map((file) => import(new URL(file, source).href)));
  const exported = modules
    .flatMap((module) => Object.entries<unknown>(module))
    .filter(([name]) => !['indexesOfRole', 'policiesOfRole'].includes(name));
  expect(exported.filter(([, rule]) => !rules.some((one) => one === rule)).map(([name]) => name)).toEqual([]);
  expect(exported.length).toBe(rules.length);
  expect(exported.map(([name]) => name).filter((name) => !tables.some((text) => text.includes(`'${name}'`)))).toEqual(
    [],
  );
});
