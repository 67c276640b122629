import fc from 'fast-check';
import { samePolicy } from '../../src/policy/compare.ts';
import { winnerOf } from '../../src/policy/evaluate.ts';
import { JudgedPolicy } from '../../src/policy/judge.ts';
import type { Meaning, ParameterValues } from '../../src/policy/rule.ts';
import type { Server } from './judge-by-servers.ts';

/** A write that keeps nothing: what it answers besides 403 does not matter. */
const path = 'sys/tools/hash';

type Value = string | number | boolean;
type Names = [name: string, values: Value[]][];
interface Block {
  allowed: Names;
  denied: Names;
  required: string[];
  min: number;
  max: number;
}

const name = fc.constantFrom('a', 'b', 'c', 'A', 'B', '*');
const value = fc.constantFrom<Value[]>('x', 'y', 'x*', '*y', '*', '1', 1, true);
const names = fc.array(fc.tuple(name, fc.array(value, { maxLength: 2 })), { maxLength: 3 });
const block: fc.Arbitrary<Block> = fc.record({
  allowed: fc.oneof(fc.constant<Names>([]), names),
  denied: fc.oneof({ arbitrary: fc.constant<Names>([]), weight: 2 }, { arbitrary: names, weight: 1 }),
  required: fc.oneof(
    { arbitrary: fc.constant<string[]>([]), weight: 3 },
    { arbitrary: fc.array(name, { maxLength: 2 }), weight: 1 },
  ),
  min: fc.constantFrom(0, 0, 0, 30, 100),
  max: fc.constantFrom(0, 0, 0, 60, 150),
});

/** A policy of one path, and another text that may well say the same. */
export const parameterPolicies: fc.Arbitrary<[text: string, other: string]> = fc
  .tuple(fc.array(block, { minLength: 1, maxLength: 2 }), fc.constantFrom(...ways()))
  .map(([blocks, way]) => [hcl(blocks), way(blocks)]);

/** One name in two spellings: the servers take one of them by chance, so each pair alone might go unseen. */
export const twoSpellings: [text: string, other: string][] = [
  ['allowed_parameters = { "a" = ["x"], "A" = [] }', 'allowed_parameters = { "a" = [] }'],
  ['allowed_parameters = { "A" = [], "a" = ["x"] }', 'allowed_parameters = { "a" = ["x"] }'],
  ['allowed_parameters { "a" = ["x"] } allowed_parameters { "A" = ["y"] }', 'allowed_parameters { "a" = ["x", "y"] }'],
  ['denied_parameters = { "a" = [], "A" = ["q"] }', 'denied_parameters = { "a" = ["q"] }'],
  ['denied_parameters = { "a" = ["x"], "A" = ["y"] }', 'denied_parameters = { "a" = ["x", "y"] }'],
].map(([one, other]) => [of(one), of(other)]);

function of(fields = ''): string {
  return `path "${path}" {\n  capabilities = ["update"]\n  ${fields}\n}\n`;
}

function ways(): ((blocks: Block[]) => string)[] {
  const inNames = (change: (names: Names) => Names) => (blocks: Block[]) =>
    hcl(blocks.map((one) => ({ ...one, allowed: change(one.allowed), denied: change(one.denied) })));
  return [
    (blocks) => hcl(blocks.toReversed()),
    (blocks) => hcl([...blocks, ...blocks.slice(0, 1)]),
    (blocks) => JSON.stringify({ path: blocks.map((one) => ({ [path]: fields(one) })) }),
    inNames((all) => all.toReversed()),
    inNames((all) => all.map(([key, values]) => [key.toUpperCase(), values.toReversed()])),
    // One of two spellings left out: the same only to who joins them.
    inNames((all) =>
      all.filter(([key], at) => all.findIndex(([one]) => one.toLowerCase() === key.toLowerCase()) === at),
    ),
  ];
}

function fields({ allowed, denied, required, min, max }: Block): object {
  return {
    capabilities: ['update'],
    ...(allowed.length > 0 && { allowed_parameters: Object.fromEntries(allowed) }),
    ...(denied.length > 0 && { denied_parameters: Object.fromEntries(denied) }),
    ...(required.length > 0 && { required_parameters: required }),
    ...(min > 0 && { min_wrapping_ttl: min }),
    ...(max > 0 && { max_wrapping_ttl: `${max}s` }),
  };
}

/** A name that comes twice is a block of its own: as an attribute Vault refuses it. */
function hcl(blocks: Block[]): string {
  const map = (field: string, all: Names) =>
    all.map(([key, values]) => `${field} { ${JSON.stringify(key)} = ${JSON.stringify(values)} }`);
  return blocks
    .map(({ allowed, denied, ...rest }) => {
      const plain = Object.entries(fields({ allowed: [], denied: [], ...rest }));
      const lines = plain.map(([field, held]) => `${field} = ${JSON.stringify(held)}`);
      const maps = [...map('allowed_parameters', allowed), ...map('denied_parameters', denied)];
      return `path "${path}" {\n${[...lines, ...maps].join('\n')}\n}\n`;
    })
    .join('');
}

type Body = Record<string, Value>;

const bodies: Body[] = [
  { a: 'x' },
  { a: 'y' },
  { a: 'xy', b: 'x' },
  { b: 'y' },
  { A: 'x' },
  { c: '*' },
  { a: '1', c: 'x' },
];
/** Of values that are no text only this is said: texts that say the same are answered alike. */
const odd: Body[] = [{ a: 1 }, { a: true, b: 'x' }];
const wraps = [10, 45, 90, 200];
const requests: { body: Body; wrap?: number }[] = [
  ...[...bodies, ...odd].map((body) => ({ body })),
  ...wraps.flatMap((wrap) => [{ body: {}, wrap }]),
  { body: { a: 'x' }, wrap: 45 },
  { body: { a: 'y', b: 'y' }, wrap: 120 },
];

export interface ParameterFigures {
  /** Clear, so held against the servers. */
  clear: number;
  /** Pairs that are one policy to us. */
  same: number;
  allowed: number;
  refused: number;
  differences: string[];
}

export const noParameterFigures = (): ParameterFigures => ({
  clear: 0,
  same: 0,
  allowed: 0,
  refused: 0,
  differences: [],
});

/**
 * Law: what we say of the parameters and the wrapping times of a clear text is what both servers do with requests; and
 * texts that are one policy to us, its print among them, are answered alike.
 */
export async function judgeParameters(
  [text, other]: [string, string],
  slot: number,
  servers: Server[],
  figures: ParameterFigures,
): Promise<void> {
  const judged = JudgedPolicy.of(text);
  if (judged.unclear || judged.problems.length > 0) return;
  const same = samePolicy(text, other);
  const printed = judged.printed()?.text;
  figures.clear += 1;
  figures.same += same ? 1 : 0;
  const like = [...(same ? [other] : []), ...(printed === undefined ? [] : [printed])];
  await Promise.all(
    servers.map(async (server) => {
      const answers = await answersTo(text, slot, server);
      const meaning = winnerOf(judged.rules, path, server.product);
      for (const [index, { body, wrap }] of requests.entries()) {
        const said = answers[index] === true;
        if (said) figures.allowed += 1;
        else figures.refused += 1;
        if (!odd.includes(body) && said !== (meaning !== undefined && mayWrite(meaning, body, wrap)))
          tell(figures, server, `${JSON.stringify({ body, wrap })} ${said}`, text);
      }
      for (const one of like) {
        const theirs = await answersTo(one, slot, server);
        if (theirs.join() !== answers.join()) tell(figures, server, `otherwise ${JSON.stringify(one)}`, text);
      }
    }),
  );
}

function tell({ differences }: ParameterFigures, { product }: Server, what: string, text: string): void {
  differences.push(`${product} answers ${what} of ${JSON.stringify(text)}`);
}

/** Which of the requests are let through. */
async function answersTo(policy: string, slot: number, server: Server): Promise<(boolean | undefined)[]> {
  const { status } = await server.send('PUT', `sys/policies/acl/${server.policy(slot)}`, { policy });
  if (status !== 204) return requests.map(() => undefined);
  return await Promise.all(
    requests.map(async ({ body, wrap }) => (await server.workload(slot, path, body, wrap)).status !== 403),
  );
}

/** As both servers decide on a write, for values that are text without a comma. */
function mayWrite(meaning: Meaning, body: Body, wrap = 0): boolean {
  const {
    capabilities,
    required_parameters: required = [],
    min_wrapping_ttl: min = 0,
    max_wrapping_ttl: max = 0,
  } = meaning;
  if (!capabilities.includes('update')) return false;
  if ((min > 0 || max > 0) && (wrap === 0 || wrap < min || (max > 0 && (wrap > max || max < min)))) return false;
  if (required.some((one) => !Object.hasOwn(body, one))) return false;
  const given = Object.entries(body).map(([key, one]) => [key.toLowerCase(), one] as const);
  const { denied_parameters: denied = new Map(), allowed_parameters: allowed = new Map() } = meaning;
  if (given.length === 0) return true;
  if (denied.has('*') || given.some(([key, one]) => denied.has(key) && isAmong(denied, key, one))) return false;
  return (
    allowed.size === 0 ||
    given.every(([key, one]) =>
      allowed.has(key) ? isAmong(allowed, key, one) || isOnlyAll(allowed) : allowed.has('*'),
    )
  );
}

function isOnlyAll(allowed: ParameterValues): boolean {
  return allowed.size === 1 && allowed.has('*');
}

function isAmong(values: ParameterValues, key: string, asked: Value): boolean {
  const list = values.get(key) ?? [];
  return list.length === 0 || list.some((one) => typeof one === 'string' && matches(one, String(asked)));
}

/** A * counts at the beginning and at the end of what is longer than it. */
function matches(pattern: string, asked: string): boolean {
  if (pattern.length < 2) return pattern === asked;
  const [front, back] = [pattern.startsWith('*'), pattern.endsWith('*')];
  const middle = pattern.slice(front ? 1 : 0, back ? -1 : undefined);
  if (front && back) return asked.includes(middle);
  return front ? asked.endsWith(middle) : back ? asked.startsWith(middle) : asked === pattern;
}
