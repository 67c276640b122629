import { type Evidence, type Fix, InputError, type Position, type Problem } from '../errors.ts';
import { vaultbind } from '../model/commands.ts';
import { CaBundle } from '../trust/ca-bundle.ts';
import { buildRecipe } from './build.ts';
import { loadBeside } from './load.ts';
import type { ReadRecipe, Recipe } from './recipe.ts';
import { rules } from './rules/index.ts';
import type { Objection } from './rules/objection.ts';
import type { Limit } from './rules/rule.ts';
import { checkShape, sectionOf } from './schema/check.ts';
import type { RecipeEnvironment } from './source/environment.ts';
import { disk, isUnread, type Library, type RecipeFile, type Refusal, withUnwritten } from './source/files.ts';
import { recipesIn } from './source/folder.ts';
import { type Merged, merge } from './source/merge.ts';
import { packagedRecipe } from './source/packaged.ts';
import { pathText, placeAt, positionOf } from './source/place.ts';
import { beginsAsPlan, kept, noted, type RecipeSources } from './source/saved-sources.ts';
import { parseYaml } from './source/yaml.ts';

export interface ReadOptions extends Omit<RecipeEnvironment, 'used'> {
  /** Folder that the files' paths start from. */
  cwd: string;
  /** What came on standard input, for the file `-`. */
  stdin?: string;
  /** The text of the one file, which is not there yet. */
  unwritten?: string;
  /** What a recipe without mistakes is held to besides. */
  limits?: readonly Limit[];
}

/**
 * Reads one recipe of all its files. Nothing is contacted.
 *
 * @throws InputError with every mistake at once, each with its place.
 */
export function readRecipe(files: string[], options: ReadOptions): ReadRecipe {
  const { cwd, stdin, unwritten, limits } = options;
  if (unwritten !== undefined)
    return readFrom(withUnwritten(disk(cwd, stdin, new Map()), cwd, unwritten), files, options, limits);
  const named = files.map((given) => ({ given, inside: recipesIn(given, cwd) }));
  const unlisted = named.flatMap(({ given, inside }) => (isUnread(inside) ? [refusedFile(given, inside)] : []));
  const all = named.flatMap(({ inside }) => (isUnread(inside) ? [] : inside));
  const found = named.flatMap(({ given, inside }) =>
    isUnread(inside) ? [] : inside.filter((file) => file !== given).map((file) => [file, given] as const),
  );
  const { recipe, ...read } = readFrom(disk(cwd, stdin, new Map(found)), all, options, limits, unlisted);
  const folders = [...new Set(found.map(([, folder]) => folder))];
  if (folders.length > 0) read.sources.folders = folders;
  return { ...read, recipe: { ...recipe, files } };
}

/** Reads a recipe again from what it was read from before. The same rules hold. */
export function readKept(sources: RecipeSources, limits: readonly Limit[] = []): ReadRecipe {
  const given = Object.entries(sources.environment).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  return readFrom(
    kept(sources),
    sources.files.map(({ file }) => file),
    { env: Object.fromEntries(given), allowedEnv: Object.keys(sources.environment) },
    limits,
  );
}

function readFrom(
  from: Library,
  files: string[],
  environment: RecipeEnvironment,
  limits: readonly Limit[] = [],
  unlisted: Problem[] = [],
): ReadRecipe {
  const sources: RecipeSources = { files: [], beside: [], environment: {} };
  const used = new Map<string, string | undefined>();
  const library = noted(from, sources);
  const opened = openAll(files, library, unlisted);
  const parsed = opened.map(({ given, text }) => parseYaml(given, text, { ...environment, used }));
  if (parsed.some(({ readable }) => !readable)) throw refusal(parsed.flatMap(({ problems }) => problems));
  const merged = merge(parsed);
  const problems = [...parsed.flatMap((file) => file.problems), ...merged.problems];
  const defined = definedIn(merged);
  const checked = checkShape(merged.value, merged.place);
  const isWhole = definedIn(merged) === defined;
  const { document } = checked;
  const formal = [...problems, ...checked.problems];
  if (!document) throw refusal(inOrder(formal, files));
  const loaded = loadBeside(document, merged.place, opened, library);
  const said = [...loaded.said, ...rules.flatMap((rule) => rule({ document, ...loaded }))];
  const spoken = said.filter(
    (one) => !(one.derived && formal.length > 0) && !isEcho(one, merged, checked.damaged, isWhole),
  );
  const errors = [...formal, ...of('error', spoken, merged, explaining(spoken, merged))];
  if (errors.length > 0) throw refusal(inOrder([...errors, ...misspelt(spoken, merged)], files));
  const at = (path: Objection['path']): Position => positionOf(merged.place, path);
  const { policies, ca } = loaded;
  // A file that cannot be read as a CA is among the errors.
  const recipe = buildRecipe({ files, document, at, policies, ...(ca instanceof CaBundle ? { ca } : {}) });
  const excess = limits.flatMap((limit) => limit({ recipe, policies: loaded.policies }));
  if (excess.length > 0) throw refusal(inOrder(of('error', excess, merged), files));
  if (limits.length > 0) sendPrintsAlone(recipe);
  for (const [name, value] of used) sources.environment[name] = value ?? null;
  return { recipe, warnings: inOrder(of('warning', spoken, merged), files), sources };
}

/** Law: what was held to a ceiling leaves as the print of what was judged, never as the text that came. */
function sendPrintsAlone(recipe: Recipe): void {
  recipe.policies = recipe.policies.map((policy) => {
    const judged = policy.judged.printed();
    if (!judged) throw new Error(`bug: no limit refused the policy ${policy.name}, which is not clear`);
    return { ...policy, judged };
  });
}

function openAll(files: string[], library: Library, unlisted: Problem[]): RecipeFile[] {
  const problems = [...unlisted];
  const opened: RecipeFile[] = [];
  if (files.length === 0 && problems.length === 0)
    problems.push({
      code: 'usage',
      subject: '',
      message: 'no recipe was given',
      fix: [{ why: 'name a file, or a folder whose files make one recipe, with -f' }],
    });
  for (const given of files) {
    const answer = library.recipe(given);
    if (isUnread(answer)) problems.push(refusedFile(given, answer));
    else if (opened.some(({ path }) => path === answer.path))
      problems.push({ code: 'recipe-duplicate', subject: given, message: `${given} is given twice` });
    else if (beginsAsPlan(answer.text)) problems.push(savedPlanGiven(given));
    else opened.push(answer);
  }
  if (problems.length > 0) throw refusal(problems);
  return opened;
}

function savedPlanGiven(given: string): Problem {
  const fix: Fix = { why: 'apply it as the plan that it is' };
  if (given !== '-') fix.command = vaultbind('apply', {}, given);
  return { code: 'recipe-value', subject: given, message: `${given} is a saved plan, not a recipe`, fix: [fix] };
}

function refusedFile(given: string, { code, message, absent }: Refusal): Problem {
  const ours = absent ? packagedRecipe(given) : undefined;
  const fix = ours === undefined ? [] : [{ why: `the recipe of that name that comes with vaultbind is ${ours}` }];
  return { code, subject: given, message: `${given} ${message}`, fix };
}

const mostSaid = 200;

function refusal(problems: Problem[]): InputError {
  const left = problems.length - mostSaid;
  const [last] = problems.slice(mostSaid - 1);
  if (left <= 0 || !last) return new InputError(...problems);
  const message = `and ${left.toLocaleString('en')} more mistakes, not shown`;
  return new InputError(...problems.slice(0, mostSaid), { ...last, message, subject: '' });
}

/** Follows from a mistake that was said already: the value was faulty, or what is missed was taken out as wrong. */
function isEcho({ code, path }: Objection, { value, place }: Merged, damaged: Set<unknown>, isWhole: boolean): boolean {
  if (placeAt(place, path)?.faulty === true) return true;
  if (code === 'recipe-reference') return !isWhole;
  return code === 'recipe-missing' && damaged.has(sectionOf(value, path));
}

/** How many parts others may name; one that is taken out for its mistakes is not missed besides. */
function definedIn({ value }: Merged): number {
  const lists = [value['policies'], value['roles']];
  return lists.reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
}

/** A name that is nearly one of the recipe's is hardly another's: beside mistakes it is told, or it would come up next. */
function misspelt(spoken: Objection[], merged: Merged): Problem[] {
  const named = of(
    'warning',
    spoken.filter(({ code, message }) => code === 'recipe-reference' && message.includes('did you mean')),
    merged,
  );
  return named.map((one) => ({ ...one, severity: 'warning' as const }));
}

/** What is doubtful in the policies that a mistake was judged by, with its place: the mistake may follow from it. */
function explaining(said: Objection[], merged: Merged): (policies: number[]) => Evidence[] {
  const doubts = said.filter(({ severity, path }) => severity === 'warning' && path[0] === 'policies');
  return (policies) =>
    of(
      'warning',
      doubts.filter(({ path }) => policies.some((index) => index === path[1])),
      merged,
    )
      .slice(0, mostDoubts)
      .map(({ message, at }) => ({ experiment: at ? `${at.file}:${at.line}:${at.column}` : 'policy', said: message }));
}

const mostDoubts = 5;

function of(
  severity: Objection['severity'],
  said: Objection[],
  { value, place }: Merged,
  explain?: (policies: number[]) => Evidence[],
): Problem[] {
  return said
    .filter((one) => one.severity === severity)
    .map(({ code, path, part, message, fix, at, first, judgedBy }) => {
      const evidence = judgedBy && explain ? explain(judgedBy) : [];
      const subject = pathText(path, value);
      const other = first && positionOf(place, first);
      return {
        code,
        subject,
        message: `${subject}: ${message}${other ? `; the first is at ${other.file}:${other.line}:${other.column}` : ''}`,
        ...(fix ? { fix: [{ why: fix }] } : {}),
        ...(evidence.length > 0 ? { evidence } : {}),
        at: at ?? positionOf(place, path, part),
      };
    });
}

function inOrder(problems: Problem[], files: string[]): Problem[] {
  const rank = ({ at }: Problem) => (at && files.includes(at.file) ? files.indexOf(at.file) : files.length);
  const line = ({ at }: Problem) => (at ? at.line * 10_000 + at.column : 0);
  return [...problems].sort((a, b) => rank(a) - rank(b) || line(a) - line(b));
}
