import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/model/report.ts';
import { human } from '../../src/output/human.ts';
import type { Kind } from './kinds.ts';
import type { Lane, Outcome } from './lane.ts';

/**
 * The laws of the campaign, for one cell: no crash, an exit code that says whether it is so or could not be seen, nothing
 * good that was not seen, nothing of a healthy binding called bad for a page of somebody else, no token that nobody was told of, nothing that steers a terminal.
 *
 * @returns what is broken; [] when all hold
 */
export async function judge(lane: Lane, command: string, kind: Kind, good: Outcome, run: Outcome): Promise<string[]> {
  return [
    ...crash(run),
    ...goodness(command, kind, good, run),
    ...badness(kind, good, run),
    ...(run.exit === 0 && command === 'apply' ? await unapplied(lane) : []),
    ...(await untold(lane, run)),
    ...controls(lane, run),
  ];
}

function crash({ exit, stdout, stderr, report }: Outcome): string[] {
  if (exit === 70) return [`exit 70: ${firstLine(/bug in vaultbind: .*/.exec(stdout + stderr)?.[0] ?? '')}`];
  if (![0, 1, 2, 4].includes(exit)) return [`exit ${exit}`];
  return report ? [] : ['no report on stdout'];
}

/** Exit 0 (plan: "nothing to change") only where everything that is good without the fault was seen to be good. */
function goodness(command: string, { once }: Kind, good: Outcome, { exit, report, struck }: Outcome): string[] {
  const isHealed = !once || struck === 0 || exit === good.exit || sentOnce(report);
  if (exit !== 0) return isHealed ? [] : [`not healed: exit ${exit}, ${firstFailed(report)}`];
  if (good.exit !== 0) return [`false good: exit 0 in the place of ${good.exit}`];
  const seen = new Set([...foundGood(report), ...warnedOf(report)]);
  const unseen = foundGood(good.report).filter((one) => !seen.has(one));
  return unseen.length === 0 ? [] : [`false good: ${command} says nothing of ${unseen.join(', ')}`];
}

/** Exit 1 for what is healthy only with codes about a server: a page says nothing of the binding. */
function badness({ page }: Kind, good: Outcome, { exit, report }: Outcome): string[] {
  if (!page || good.exit !== 0 || exit !== 1) return [];
  const failed = (report?.findings ?? []).filter(({ status }) => status === 'failed');
  const ofBinding = failed.filter(({ code }) => !/^(vault|kubernetes|operator)-|^mount-not-vouched$/.test(code));
  return ofBinding.map(({ code, message }) => `false bad: ${code}, ${firstLine(message)}`);
}

function foundGood(report: Report | undefined): string[] {
  const found = (report?.findings ?? []).filter(({ status }) => /^(ok|created|updated)$/.test(status));
  return found.map(({ step, subject }) => `${step} ${subject}`);
}

/** What is good but for something else is told as a warning: a login whose token could not be revoked. */
function warnedOf(report: Report | undefined): string[] {
  const found = (report?.findings ?? []).filter(({ status }) => status === 'warning');
  return found.map(({ step, subject }) => `${step} ${subject}`);
}

/** A login makes a token, so it is not sent again; nor is the TokenRequest's answer waited for twice. */
function sentOnce(report: Report | undefined): boolean {
  return (report?.findings ?? []).some(({ status, message }) => status === 'failed' && /log ?in/i.test(message));
}

/** What apply calls done is done: a plan by undisturbed answers finds nothing to change. */
async function unapplied({ bench }: Lane): Promise<string[]> {
  const { exit } = await bench.cli('plan', '--detailed-exitcode', '-f', 'recipe.yaml');
  return exit === 0 ? [] : [`false good: apply said so, and plan exits ${exit}`];
}

/** Tokens of logins at this lane's mount that live on, and are named nowhere. They are ended here. */
async function untold({ bench }: Lane, { stdout, stderr }: Outcome): Promise<string[]> {
  const left = await tokensAt(bench, `auth/${bench.mount}/login`);
  const text = stdout + stderr;
  const unnamed = left.filter((accessor) => !text.includes(accessor));
  const guessed = (text.match(/may be there: no answer came to the login/g) ?? []).length;
  for (const accessor of left) await bench.vault('POST', 'auth/token/revoke-accessor', { accessor });
  return unnamed.length > guessed ? [`untold: ${unnamed.length} tokens live, ${guessed} told of`] : [];
}

async function tokensAt(bench: Lane['bench'], path: string): Promise<string[]> {
  const { body } = await bench.vault('GET', 'auth/token/accessors?list=true');
  const accessors: string[] = body?.data?.keys ?? [];
  const looked = await Promise.all(
    accessors.map(async (accessor) => {
      const { body: found } = await bench.vault('POST', 'auth/token/lookup-accessor', { accessor });
      return found?.data?.path === path ? [accessor] : [];
    }),
  );
  return looked.flat();
}

const steering = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

function controls({ bench }: Lane, { stdout, stderr, report }: Outcome): string[] {
  const texts: Record<string, string> = { stdout, stderr };
  if (report) texts['human'] = human(report, { color: false, verbose: true, unicode: true, width: 100, wraps: false });
  for (const file of readdirSync(bench.folder).filter((name) => name.startsWith('report.')))
    if (existsSync(join(bench.folder, file))) texts[file] = readFileSync(join(bench.folder, file), 'utf8');
  return Object.entries(texts).flatMap(([where, text]) => {
    const found = steering.exec(text);
    return found ? [`raw U+${found[0].codePointAt(0)?.toString(16)} in ${where}`] : [];
  });
}

function firstFailed(report: Report | undefined): string {
  return firstLine(report?.findings.find(({ status }) => status === 'failed')?.message ?? '');
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.slice(0, 200) ?? '';
}
