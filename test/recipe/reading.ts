import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InputError, type Problem } from '../../src/errors.ts';
import { type ReadOptions, readRecipe } from '../../src/recipe/read.ts';
import type { ReadRecipe } from '../../src/recipe/recipe.ts';

/** A temporary folder with these files, removed afterwards. */
export function inFolder<T>(files: Record<string, string | Buffer>, run: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'vaultbind-recipe-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reads a recipe from text, as from standard input. */
export function read(text: string, options: Partial<ReadOptions> = {}): ReadRecipe {
  return readRecipe(['-'], { cwd: tmpdir(), env: {}, allowedEnv: [], stdin: text, ...options });
}

/** The problems of an InputError; none when nothing was thrown. Anything else thrown goes on. */
export function mistakesOf(run: () => unknown): Problem[] {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

const whole: Record<string, string> = {
  version: 'version: 1\n',
  name: 'name: test\n',
  auth: 'auth: {path: kube, reviewer: {service_account: infra/reviewer}}\n',
  policies: 'policies: [{name: app, rules: [{path: secret/data/app, capabilities: [read]}]}]\n',
  roles: 'roles: [{name: app, service_accounts: [default/app], token_policies: [app]}]\n',
};

/** A recipe without mistakes, in which each section given replaces the one of that name. */
export function recipe(...sections: string[]): string {
  const given = new Map(sections.map((text) => [/^\s*«?(\w+)/.exec(text)?.[1] ?? '', text]));
  const parts = Object.entries(whole).map(([name, text]) => given.get(name) ?? text);
  const further = [...given].filter(([name]) => !(name in whole)).map(([, text]) => text);
  return [...parts, ...further].map((text) => `${text.replace(/^\n+|\n+\s*$/g, '')}\n`).join('');
}

/** Takes the marks « out of a text and says where they stood. */
export function marked(text: string): { text: string; marks: { line: number; column: number }[] } {
  const marks = text.split('\n').flatMap((line, index) => {
    const columns = [...line.matchAll(/«/g)].map((match, count) => match.index - count + 1);
    return columns.map((column) => ({ line: index + 1, column }));
  });
  return { text: text.replaceAll('«', ''), marks };
}

/** `line:column` of each problem. */
export function places(problems: Problem[]): string[] {
  return problems.map(({ at }) => (at ? `${at.line}:${at.column}` : 'nowhere'));
}
