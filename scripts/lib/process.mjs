import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Something the person at the terminal has to know or do: shown as its one sentence, without a stack trace. */
export class Refusal extends Error {}

/** Runs a script's main function; a Refusal ends it with its sentence and exit code 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    console.error(error instanceof Refusal ? error.message : error);
    process.exit(1);
  }
}

/** True when this file is what Node was asked to run, not something another module imports. */
export function isMain(url) {
  return process.argv[1] !== undefined && fs.realpathSync(process.argv[1]) === fileURLToPath(url);
}

/** Runs a program with its output on the terminal; resolves to its exit code. */
export function run(program, args, { env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}

/** Runs a program silently; its exit code and everything it wrote. */
export function capture(program, args, { env, cwd = root } = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  return {
    code: error ? 1 : (status ?? 1),
    output: `${stdout ?? ''}${stderr ?? ''}${error ? error.message : ''}`,
  };
}

/** Homebrew keeps LLVM's tools off the PATH. */
const EXTRA_DIRECTORIES = ['/opt/homebrew', '/usr/local', '/home/linuxbrew/.linuxbrew'].map((prefix) =>
  path.join(prefix, 'opt/llvm/bin'),
);

/** Where a program is, looking on the PATH first; undefined if nowhere. */
export function which(...names) {
  const directories = [...(process.env.PATH ?? '').split(path.delimiter), ...EXTRA_DIRECTORIES];
  const suffixes = process.platform === 'win32' ? ['.exe', '.bat', '.cmd'] : [''];
  for (const name of names) {
    for (const directory of directories) {
      for (const suffix of suffixes) {
        const candidate = path.join(directory, name + suffix);
        try {
          fs.accessSync(candidate, fs.constants.X_OK);
          if (fs.statSync(candidate).isFile()) return candidate;
        } catch {
          // not here
        }
      }
    }
  }
  return undefined;
}

/** Runs the command-line tool of an npm package with this very Node. */
export function runPackage(name, args, options) {
  return run(process.execPath, [packageBin(name), ...args], options);
}

function packageBin(name) {
  const directory = path.join(root, 'node_modules', name);
  const { bin } = JSON.parse(fs.readFileSync(path.join(directory, 'package.json'), 'utf8'));
  return path.join(directory, typeof bin === 'string' ? bin : Object.values(bin)[0]);
}
