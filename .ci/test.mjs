/** All checks and all tests, in one go and with nothing set up by hand. The last line is `N passed, N failed`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import './prepare.mjs';

const checks = [
  ['types', 'node_modules/typescript/bin/tsc', []],
  ['lint and format', 'node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings']],
  ['unused code', 'node_modules/knip/bin/knip.js', ['--treat-config-hints-as-errors']],
];

const total = { passed: 0, failed: 0 };
for (const [title, script, args] of checks) {
  const passed = node(script, args) === 0;
  process.stdout.write(`${passed ? '✓' : '✗'} ${title}\n`);
  total[passed ? 'passed' : 'failed'] += 1;
}
add(runTests());
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
  const file = join(folder, 'results.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const status = node('node_modules/vitest/vitest.mjs', ['run', ...reporters, ...process.argv.slice(2)]);
    const { numPassedTests: passed, numFailedTests: failed, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    process.stdout.write(slowest(testResults));
    // A file that cannot be loaded, or an error outside of any test, fails no test of its own.
    return { passed, failed: Math.max(failed, status === 0 ? 0 : 1) };
  } catch (error) {
    process.stderr.write(`vitest left no results: ${error.message}\n`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The ten files that took longest, set-up and clean-up within them included. */
function slowest(files) {
  const timed = files.map(({ name, startTime, endTime }) => [Math.round((endTime - startTime) / 1000), name]);
  const most = timed.toSorted(([a], [b]) => b - a).slice(0, 10);
  const lines = most.map(([seconds, name]) => `${String(seconds).padStart(6)} s  ${relative('.', name)}\n`);
  return `the slowest files:\n${lines.join('')}`;
}

function node(script, args) {
  return spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' }).status;
}

function add({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}
