import { type Code, codes } from '../codes.ts';
import { type Evidence, type ExitCode, type Fix, type Position, type Problem, strongest } from '../errors.ts';
import { withoutUserInfo } from '../secret.ts';
import { type ShownFix, shownFix } from './printed.ts';
import type { Servers } from './servers.ts';

/** `ok` is what was tried or read and is good; `asked` is what a server only said and nobody tried. */
export type Status = 'ok' | 'asked' | 'created' | 'updated' | 'pending' | 'warning' | 'failed' | 'skipped' | 'blocked';

/** One field that differs. Values are shown as they are; secrets never are fields. */
export interface FieldChange {
  /** In the server's words, e.g. `token_ttl`. */
  field: string;
  /** Absent: the object or the field does not exist yet. */
  before?: unknown;
  after?: unknown;
  /** True: both sides are descriptions of a secret, not values. */
  sensitive?: boolean;
  /** Set when `after` cannot be told before another object is applied: `after apply of <address>`. */
  unknown?: string;
}

/** One line of a report: what was found, or done, about one object. */
export interface Finding {
  /** Null for what belongs to no step: arguments, connections, the recipe. */
  step: string | null;
  code: Code;
  /** A cause's id, when the finding says why a login fails. */
  cause: Code | null;
  /** The object's address; '' when there is none. */
  subject: string;
  status: Status;
  /** True: the object existed before and the recipe takes it over. */
  adopted: boolean;
  message: string;
  evidence: Evidence[];
  fix: ShownFix[];
  fields: FieldChange[];
  at: Position | null;
  milliseconds: number;
}

/** `ok` is tried and good, `asked` asked of Vault and not tried, `warning` good and of no use yet, `unknown` none of these. */
export type LinkStatus = 'ok' | 'asked' | 'warning' | 'failed' | 'unknown';

/** One way from an account to its secrets, link by link; the first failed link is the broken one. */
export interface Chain {
  role: string;
  service_account: string;
  links: { link: string; subject: string; status: LinkStatus }[];
}

/** Why a login fails. The doctor fills these; best first. */
export interface Cause {
  cause: Code;
  certainty: 'certain' | 'likely' | 'possible';
  subject: string;
  evidence: Evidence[];
  fix: ShownFix[];
}

export interface Summary {
  ok: number;
  /** Asked only: not tried, so not proved. */
  asked: number;
  /** created and updated. */
  changed: number;
  created: number;
  updated: number;
  /** to_create and to_change. */
  pending: number;
  to_create: number;
  to_change: number;
  warnings: number;
  failed: number;
  blocked: number;
  skipped: number;
}

/** The one result of every command; output/ turns it into text or JSON. */
export interface Report {
  schema_version: 1;
  command: string;
  ok: boolean;
  recipe: { name: string; files: string[] } | null;
  vault: Servers['vault'];
  cluster: Servers['cluster'];
  findings: Finding[];
  chain: Chain[];
  causes: Cause[];
  summary: Summary;
  /** The whole run took so long; 0: nobody measured. */
  milliseconds: number;
}

const empty = { step: null, cause: null, adopted: false, evidence: [], fix: [], fields: [], at: null, milliseconds: 0 };

/** What must be said of a finding, and what may be. */
type Said = Pick<Finding, 'code' | 'subject' | 'status' | 'message'> & Partial<Omit<Finding, 'fix'>> & { fix?: Fix[] };

/** A finding with everything that is not said left empty. Commands become text here. */
export function finding({ fix = [], ...said }: Said): Finding {
  return { ...empty, ...said, fix: fix.map(shownFix) };
}

export function findingOf(problem: Problem, status: Status, step: string | null = null): Finding {
  const { code, subject, message, fix = [], evidence = [], at = null } = problem;
  return finding({ code, subject, message, status, step, fix, evidence, at });
}

export interface ReportParts {
  command: string;
  recipe?: { name: string; files: string[] };
  /** Absent: it speaks to none. */
  servers?: Servers | undefined;
  findings: Finding[];
  chain?: Chain[];
  causes?: Cause[];
}

export function report({ command, recipe, servers, findings, chain = [], causes = [] }: ReportParts): Report {
  const summary = summarise(findings);
  const ok = summary.failed === 0 && summary.blocked === 0 && causes.length === 0;
  const named = recipe ? { name: recipe.name, files: recipe.files } : null;
  const { vault, cluster } = servers ?? { vault: null, cluster: null };
  return clean({
    schema_version: 1,
    command,
    ok,
    recipe: named,
    vault,
    cluster,
    findings,
    chain,
    causes,
    summary,
    milliseconds: 0,
  });
}

/** Servers show a URL's password as it stands, wherever the URL is part of. */
function clean(whole: Report): Report {
  const text = JSON.stringify(whole);
  const without = withoutUserInfo(text);
  return text === without ? whole : (JSON.parse(without) as Report);
}

function summarise(findings: Finding[]): Summary {
  const count = (...statuses: Status[]) => findings.filter((one) => statuses.includes(one.status)).length;
  const toChange = findings.filter(({ status, code }) => status === 'pending' && code === 'to-update').length;
  return {
    ok: count('ok'),
    asked: count('asked'),
    changed: count('created', 'updated'),
    created: count('created'),
    updated: count('updated'),
    pending: count('pending'),
    to_create: count('pending') - toChange,
    to_change: toChange,
    warnings: count('warning'),
    failed: count('failed'),
    blocked: count('blocked'),
    skipped: count('skipped'),
  };
}

/** Whatever was found before a stop may be well, and is not all there is. */
export function interrupted(result: Report): Report {
  const told = result.findings.some(({ code }) => code === 'interrupted');
  const stop = finding({ code: 'interrupted', subject: '', status: 'skipped', message: codes.interrupted });
  const findings = told ? result.findings : [...result.findings, stop];
  return { ...result, ok: false, findings, summary: summarise(findings) };
}

/** 0 or 1; errors that end a run early carry their own code. */
export function exitCodeOf(result: Report, errors: { exit: ExitCode }[] = []): ExitCode {
  return strongest(result.ok ? 0 : 1, ...errors.map((error) => error.exit));
}
