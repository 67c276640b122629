import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { capabilitiesOf } from '../../src/policy/evaluate.ts';
import { parsePolicy } from '../../src/policy/reading/parse.ts';
import { vault } from '../servers/raw.ts';
import { products, uniqueName } from '../servers/servers.ts';
import { table } from './table.ts';

const edits = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  '=',
  ' ',
  '\n',
  '#',
  '/*',
  '*/',
  '\\',
  '${',
  '+*',
  '0x',
  '.5',
  'true',
  '<<',
  'é',
];
const segment = fc.constantFrom('a', 'ab', 'b', '+', 'a+', 'c*');
const tail = fc.constantFrom('', '*', '/', '/*');
const pattern = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), tail)
  .map(([parts, end]) => parts.join('/') + end);
const capability = fc.constantFrom('create', 'read', 'update', 'list', 'deny');
const block = fc
  .tuple(pattern, fc.array(capability, { maxLength: 2 }))
  .map(([path, names]) => `path "${path}" { capabilities = ${JSON.stringify(names)} }`);
const asked = fc
  .tuple(fc.array(fc.constantFrom('a', 'ab', 'b', 'c', 'cd'), { minLength: 1, maxLength: 4 }), fc.constantFrom('', '/'))
  .map(([parts, end]) => parts.join('/') + end);

describe.each(products)('the policy language of %s', (product) => {
  const server = product === 'hashicorp' ? 'vault' : 'openbao';
  const name = uniqueName('policy');
  const write = (policy: string) => vault(product, 'PUT', `sys/policies/acl/${name}`, { policy });
  afterAll(() => vault(product, 'DELETE', `sys/policies/acl/${name}`));

  it.each(table)('$title', async ({ text, refusedBy }) => {
    // Where the server's handler panics, it cuts the connection.
    const taken = await write(text).then(
      ({ status }) => status < 400,
      () => false,
    );
    expect(taken).toBe(refusedBy !== 'both' && refusedBy !== server);
  });

  it('takes every edited policy that our parser takes', async () => {
    const texts = table.map(({ text }) => text).filter((text) => text !== '');
    const edited = fc
      .tuple(fc.constantFrom(...texts), fc.nat(), fc.constantFrom(...edits, ''), fc.nat({ max: 2 }))
      .map(([text, place, edit, cut]) => {
        const at = place % (text.length + 1);
        return text.slice(0, at) + edit + text.slice(at + cut);
      });
    await fc.assert(
      fc.asyncProperty(edited, async (text) => {
        fc.pre(text !== '');
        const { problems, unclear } = parsePolicy(text);
        fc.pre(!unclear && !problems.some(({ refusedBy }) => refusedBy === 'both' || refusedBy === server));
        expect((await write(text)).status).toBe(204);
      }),
      { numRuns: 150 },
    );
  });

  it('allows what capabilitiesOf says', async () => {
    const blocks = fc.array(block, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
    const paths = fc.uniqueArray(asked, { minLength: 8, maxLength: 16 });
    await fc.assert(
      fc.asyncProperty(blocks, paths, async (text, wanted) => {
        const { rules, problems } = parsePolicy(text);
        fc.pre(problems.length === 0);
        await write(text);
        const options = { policies: [name], no_default_policy: true, type: 'batch' };
        const { auth } = (await vault(product, 'POST', 'auth/token/create', options)).body;
        const { data } = (await vault(product, 'POST', 'sys/capabilities', { token: auth.client_token, paths: wanted }))
          .body;
        for (const path of wanted) {
          expect(new Set(data[path]), `${path} of\n${text}`).toEqual(new Set(capabilitiesOf(rules, path, server)));
        }
      }),
      { numRuns: 40 },
    );
  });
});
