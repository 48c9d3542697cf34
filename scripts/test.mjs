// npm test: sets up what is missing and runs every check and test, to the end even if some fail. The last line is
// their sum. `--full` (npm run test:full) adds the slow suites.

import fs from 'node:fs';
import path from 'node:path';
import { runChecks } from './lib/checks.mjs';
import { build, presetOf } from './lib/cmake.mjs';
import { main, root, run, runPackage } from './lib/process.mjs';
import { buildSite } from './lib/site.mjs';
import { setup } from './setup.mjs';

const full = process.argv.includes('--full');
/** What the tests look at to know that there is time. */
const env = full ? { BNLAB_FULL: '1' } : {};
const total = { passed: 0, failed: 0 };

function add({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}

function heading(text) {
  console.log(`\n━━ ${text}`);
}

/** A step the tests rest on: it counts only when it fails, and then once, in place of the tests it prevents. */
async function step(name, action) {
  heading(name);
  const done = (await action()) === 0;
  if (!done) {
    console.log(`FAILED: ${name}`);
    add({ passed: 0, failed: 1 });
  }
  return done;
}

/** The doctest suite, or a part of it, as one preset builds it. */
async function engineTests(preset, name, { part, env = {} } = {}) {
  if (!(await step(`Build: ${name}`, () => build(preset, part)))) return;
  heading(`Tests: ${name}`);
  const report = path.join(root, 'build', preset, 'ctest.xml');
  fs.rmSync(report, { force: true });
  const code = await run('ctest', ['--preset', presetOf(preset, part), '--output-junit', report], { env });
  add(countDoctest(report, code));
}

/** Test cases, as each file's doctest summary tells them; a file that crashed or timed out is one failure. */
function countDoctest(report, code) {
  const count = { passed: 0, failed: 0 };
  const files = fs.existsSync(report) ? fs.readFileSync(report, 'utf8').split('<testcase ').slice(1) : [];
  for (const file of files) {
    const [, passed = 0, failed = 0] = /test cases: +\d+ \| +(\d+) passed \| +(\d+) failed/.exec(file) ?? [];
    count.passed += Number(passed);
    // The summary of a file is only believed as far as ctest agrees with it.
    count.failed += file.includes('status="run"') ? Number(failed) : Math.max(1, Number(failed));
  }
  if (code !== 0 && count.failed === 0) count.failed = 1;
  return count;
}

async function typescriptTests() {
  heading('Tests: the wasm under Node, the page in Chromium, the scripts');
  const report = path.join(root, 'build/vitest.json');
  fs.rmSync(report, { force: true });
  const code = await runPackage(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { env },
  );
  add(countVitest(report, code));
}

/** A file that could not be loaded, or an error outside any test, is a failure too. */
function countVitest(report, code) {
  if (!fs.existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, testResults } = JSON.parse(fs.readFileSync(report, 'utf8'));
  const failures = testResults.map(({ status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed').length;
    return status === 'failed' ? Math.max(1, failed) : failed;
  });
  const failed = failures.reduce((sum, n) => sum + n, 0);
  return { passed: numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed };
}

await main(async () => {
  setup(full ? 'test:full' : 'test');
  heading('Checks');
  add(await runChecks({ quick: !full }));

  // Sanitizers make the training of networks twenty times as slow: there, the studies are for those who have the time.
  // And all their seeds are run once only, where that is fastest.
  const operations = full ? {} : { part: 'operations' };
  const sanitized = 'the engine on this machine, under address and undefined-behaviour sanitizers';
  await engineTests('native-sanitize', sanitized, operations);
  if (full) await engineTests('native', 'the engine on this machine, optimised', { env });
  else await engineTests('native', 'the studies on this machine, optimised', { part: 'studies' });
  await engineTests('wasm-tests', 'the engine as WebAssembly under Node', operations);
  if (full) await engineTests('wasm-tests-scalar', 'the engine as WebAssembly without SIMD under Node');

  const simd = await step('Build: engine.wasm with SIMD', () => build('wasm-simd'));
  const scalar = await step('Build: engine.wasm without SIMD', () => build('wasm-scalar'));
  const site = simd && scalar && (await step('Build: the site', buildSite));
  if (site) await typescriptTests();

  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
});
