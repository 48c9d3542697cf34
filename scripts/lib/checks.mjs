// The checks that read the code without running it. Each returns true (passed), false (failed) or undefined (could
// not be done here, which it says).

import fs from 'node:fs';
import path from 'node:path';
import { capture, root, run, runPackage, which } from './process.mjs';
import { tidy } from './tidy.mjs';

export const CHECKS = [
  {
    name: 'layout of TypeScript, JavaScript and CSS (prettier)',
    run: async () => (await runPackage('prettier', ['--check', '--log-level', 'warn', '.'])) === 0,
  },
  { name: 'layout of C++ (clang-format)', run: () => formatCpp(['--dry-run', '--Werror']) },
  { name: 'lint (oxlint)', run: async () => (await runPackage('oxlint', ['--deny-warnings'])) === 0 },
  {
    name: 'types (tsc)',
    run: async () => (await runPackage('typescript', ['--project', 'tsconfig.json'])) === 0,
  },
  {
    name: 'import direction',
    run: async () => (await run(process.execPath, ['scripts/check-imports.mjs'])) === 0,
  },
  { name: 'likely mistakes in C++ (clang-tidy)', run: tidy },
];

/** Versions of clang-format lay the same code out differently, so one has to be the reference: Debian 12's. */
const CLANG_FORMAT = '14';

export async function formatCpp(args) {
  const program = which(`clang-format-${CLANG_FORMAT}`, 'clang-format');
  const version = /version (\d+)/.exec(capture(program, ['--version']).output)?.[1];
  if (version !== CLANG_FORMAT) {
    console.log(`Skipped: the reference is clang-format ${CLANG_FORMAT}, and this is ${version}.`);
    return undefined;
  }
  return (await run(program, [...args, ...cppFiles()])) === 0;
}

function cppFiles() {
  return ['src', 'wasm', 'cli', 'tests/native', 'bench/engine']
    .filter((directory) => fs.existsSync(path.join(root, directory)))
    .flatMap((directory) =>
      fs
        .readdirSync(path.join(root, directory), { recursive: true })
        .map((file) => path.join(directory, file)),
    )
    .filter((file) => /\.(cpp|hpp|h)$/.test(file));
}

/**
 * Runs the checks one after the other, a failed one not hiding the next; how many passed and failed. `quick` leaves out what takes
 * longest and finds least: likely mistakes in the C++ tests.
 */
export async function runChecks({ quick = false } = {}) {
  const count = { passed: 0, failed: 0 };
  for (const { name, run: check } of CHECKS) {
    console.log(`\n▸ ${name}`);
    const passed = await check({ tests: !quick });
    if (passed === undefined) continue;
    count[passed ? 'passed' : 'failed']++;
    console.log(passed ? 'passed' : 'FAILED');
  }
  return count;
}
