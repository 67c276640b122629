/**
 * Makes a fresh clone ready: installs the packages of package-lock.json when they are not there, builds dist/ when a
 * source is newer. Plain Node, since nothing is installed yet. Says nothing when there is nothing to do.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

process.chdir(join(import.meta.dirname, '..'));

if (!installed()) {
  process.stderr.write('installing the packages (npm ci, about half a minute) …\n');
  // By npm's own path where npm started us: on Windows `npm` is no program that can be spawned.
  const npm = process.env['npm_execpath'];
  const [program, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  run(program, [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
}
if (!built()) {
  process.stderr.write('building …\n');
  run(process.execPath, ['.ci/build.mjs']);
}

/** Whether node_modules holds what the lock names; packages for other platforms may be missing. */
function installed() {
  const found = readJson('node_modules/.package-lock.json')?.packages;
  if (!found) return false;
  const wanted = Object.entries(readJson('package-lock.json').packages).filter(([folder]) => folder !== '');
  return wanted.every(([folder, { version, optional }]) =>
    found[folder] ? found[folder].version === version : optional === true,
  );
}

function built() {
  const sources = ['src', '.ci', 'package.json', 'package-lock.json'];
  return newest(sources) <= modified('dist/main.js');
}

function newest(paths) {
  return Math.max(...paths.flatMap(withContents).map(modified));
}

/** Folders too: theirs changes when a file in them is deleted. */
function withContents(path) {
  if (!statSync(path).isDirectory()) return [path];
  return [path, ...readdirSync(path, { recursive: true }).map((name) => join(path, name))];
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function run(program, args) {
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 2, 'inherit'] });
  if (error) process.stderr.write(`${program} cannot be started: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}
