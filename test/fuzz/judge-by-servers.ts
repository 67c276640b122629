import { capabilitiesOf } from '../../src/policy/evaluate.ts';
import { JudgedPolicy } from '../../src/policy/judge.ts';
import type { PolicyRule } from '../../src/policy/rule.ts';

/** One of the two servers, with as many policies and tokens as requests at once. */
export interface Server {
  product: 'openbao' | 'vault';
  /** Name of the policy in this slot. */
  policy(slot: number): string;
  /** Token with that policy alone. */
  token(slot: number): string;
  /** Status of the answer; 0 when the server cut the connection. */
  send(method: string, path: string, body: unknown): Promise<{ status: number; body: unknown }>;
  /** A write with the token of that slot; `wrap` in seconds. Default: the answer is not to be wrapped. */
  workload(slot: number, path: string, body: unknown, wrap?: number): Promise<{ status: number }>;
}

export interface Figures {
  texts: number;
  /** Clear to us, and refused by nobody as we read it. */
  clear: number;
  /** Not clear to us. */
  unclear: number;
  /** Refused by us as both would. */
  refused: number;
  /** Paths of clear texts asked, on both servers together. */
  asked: number;
  /** Refused by us or not clear, and accepted by a server: what certainty costs. */
  cost: number;
  differences: string[];
}

export const noFigures = (): Figures => ({
  ...{ texts: 0, clear: 0, unclear: 0, refused: 0, asked: 0, cost: 0 },
  differences: [],
});

/**
 * Law: a text that is clear to us is accepted by both servers, or by the one that we say takes it, and allows there what
 * we say; and so does its print.
 */
export async function judgeText(text: string, slot: number, servers: Server[], figures: Figures): Promise<void> {
  const judged = JudgedPolicy.of(text);
  const refusedBy = new Set(judged.problems.map((problem) => problem.refusedBy));
  figures.texts += 1;
  if (judged.unclear) figures.unclear += 1;
  else if (refusedBy.has('both')) figures.refused += 1;
  else figures.clear += 1;
  await Promise.all(
    servers.map(async (server) => {
      const taken = await write(server, slot, text);
      const unknown = judged.unclear || refusedBy.has('both');
      if (unknown) figures.cost += taken ? 1 : 0;
      if (unknown || refusedBy.has(server.product)) return;
      if (taken) await compare(text, judged.rules, slot, server, figures);
      else figures.differences.push(`${server.product} refuses ${JSON.stringify(text)}`);
      const printed = judged.printed()?.text;
      if (printed === undefined || figures.texts % 4 !== 0) return;
      if (await write(server, slot, printed)) await compare(printed, judged.rules, slot, server, figures);
      else figures.differences.push(`${server.product} refuses the print ${JSON.stringify(printed)}`);
    }),
  );
}

async function write(server: Server, slot: number, policy: string): Promise<boolean> {
  const { status } = await server.send('PUT', `sys/policies/acl/${server.policy(slot)}`, { policy });
  return status === 204;
}

async function compare(text: string, all: PolicyRule[], slot: number, server: Server, figures: Figures): Promise<void> {
  // The tokens have no entity, so nothing of a rule with a template counts.
  const rules = all.filter(({ path }) => !path.includes('{{'));
  const paths = pathsToAsk(text, all);
  const { status, body } = await server.send('POST', 'sys/capabilities', { token: server.token(slot), paths });
  const answer = (body as { data?: Record<string, string[]> } | undefined)?.data ?? {};
  if (status !== 200) figures.differences.push(`${server.product} answers ${status} about ${JSON.stringify(text)}`);
  for (const path of status === 200 ? paths : []) {
    figures.asked += 1;
    const ours = capabilitiesOf(rules, path, server.product).toSorted().join();
    const theirs = (answer[path] ?? []).toSorted().join();
    if (ours !== theirs)
      figures.differences.push(
        `${JSON.stringify(path)}: ${ours}, ${server.product}: ${theirs}, of ${JSON.stringify(text)}`,
      );
  }
}

/** Paths that the rules are about, their neighbours, all that looks like one in the text, and what nobody should reach. */
function pathsToAsk(text: string, rules: PolicyRule[]): string[] {
  const written = [...text.matchAll(/"([^"\n\\]{1,60})"/g)].map(([, inner]) => inner ?? '');
  const wanted = [...rules.map(({ path }) => path), ...written].flatMap((path) => {
    const bare = path.replace(/^\/+|\*$/g, '');
    const filled = bare.replaceAll('+', 'ab');
    return [filled, `${filled}b`, `${filled}/a`, bare.replaceAll('+', 'a/b'), `${filled.replace(/\/$/, '')}/`];
  });
  const all = ['sys/mounts', 'sys/policies/acl/x', 'a', 'secret/data/a', ...wanted];
  const askable = all.filter(
    (path) => path !== '' && path.trim() === path && !/^\/|,|[\p{Cc}\ufffd]|\p{Cs}|[{}]/u.test(path),
  );
  return [...new Set(askable)].slice(0, 40);
}
