import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { configure } from './cmake.mjs';
import { capture, root, which } from './process.mjs';

const stamps = path.join(root, 'build/clang-tidy');

/**
 * clang-tidy over every C++ file the native build compiles, and the headers they include; with `tests: false` without the tests,
 * which take most of its time. A file that passed is not looked at again until it, a header it includes or the rules change.
 */
export async function tidy({ tests }) {
  if ((await configure('native')) !== 0) return false;
  const program = which('clang-tidy-14', 'clang-tidy');
  const rules = fs.readFileSync(path.join(root, '.clang-tidy')) + capture(program, ['--version']).output;
  const commands = JSON.parse(fs.readFileSync(path.join(root, 'build/native/compile_commands.json'), 'utf8'));
  const queue = commands
    .filter(({ file }) => tests || !file.startsWith(path.join(root, 'tests')))
    .map(({ file, command }) => ({ file, stamp: stampOf(file, rules + command) }))
    .filter(({ stamp }) => !fs.existsSync(stamp));
  fs.mkdirSync(stamps, { recursive: true });

  let passed = true;
  async function work() {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { code, output } = await tidyFile(program, next.file);
      if (code === 0) fs.writeFileSync(next.stamp, '');
      else {
        passed = false;
        console.log(output);
      }
    }
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, work));
  return passed;
}

function tidyFile(program, file) {
  return new Promise((resolve) => {
    // "N warnings generated" on stderr counts those in Eigen's headers too and says nothing about this code.
    const child = spawn(program, ['-p', 'build/native', '--quiet', file], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.on('close', (code) => resolve({ code, output }));
  });
}

function stampOf(file, rules) {
  const hash = crypto.createHash('sha256').update(rules);
  for (const source of includeClosure(file)) hash.update(source).update(fs.readFileSync(source));
  return path.join(stamps, hash.digest('hex'));
}

/** A file and the project's headers it includes, directly or not. */
function includeClosure(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, header] of fs.readFileSync(file, 'utf8').matchAll(/^\s*#\s*include\s*"([^"]+)"/gm)) {
    const found = [
      path.dirname(file),
      ...['src', 'wasm', 'cli', 'tests/native'].map((directory) => path.join(root, directory)),
    ]
      .map((directory) => path.join(directory, header))
      .find((candidate) => fs.existsSync(candidate));
    if (found) includeClosure(found, seen);
  }
  return seen;
}
