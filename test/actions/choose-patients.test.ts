import { Readable, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { patientsFor } from '../../src/actions/doctor/choose-patients.ts';
import { patientsOf } from '../../src/facts/patients.ts';
import type { Io } from '../../src/model/io.ts';
import { workUntil } from '../../src/model/work.ts';
import { readRecipe } from '../../src/recipe/read.ts';

const { signal } = new AbortController();
const nowhere = new Writable();
const io: Io = {
  ...{ env: {}, cwd: '/', stdin: Readable.from([]), stdout: nowhere, stderr: nowhere },
  ...{ signal, work: workUntil(signal) },
};

it('looks at whom the recipe names where no flag says otherwise', async () => {
  const cwd = `${import.meta.dirname}/../../recipes`;
  const { recipe } = await readRecipe(['article.yaml'], { cwd, env: {}, allowedEnv: [] });
  expect(await patientsFor(io, { secret: [] }, recipe)).toEqual(patientsOf(recipe));
});
