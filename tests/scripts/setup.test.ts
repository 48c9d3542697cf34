import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { installPackages } from '../../scripts/setup.mjs';

/** A PATH of our own: nothing is installed there but what a test puts in. */
let bin: string;
beforeEach(() => {
  bin = fs.mkdtempSync(path.join(os.tmpdir(), 'bnlab-setup-'));
  for (const tool of ['/usr/bin/env', '/bin/sh', '/bin/ln'])
    fs.symlinkSync(tool, path.join(bin, path.basename(tool)));
});
afterEach(() => {
  fs.rmSync(bin, { recursive: true });
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function fake(tool: string, script: string): void {
  fs.writeFileSync(path.join(bin, tool), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** Runs the set-up as user number `user`, 0 being root. */
function setup({ user = 0, preload = [] as string[], command = 'build' } = {}) {
  const identity = path.join(bin, 'identity.cjs');
  fs.writeFileSync(identity, `process.getuid = () => ${user};`);
  const flags = [identity, ...preload].flatMap((file) => ['--require', file]);
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, 'scripts/setup.mjs', command], {
    env: { PATH: bin },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** What a person sees: one sentence and no stack trace. */
function expectOneSentence(result: ReturnType<typeof setup>, sentence: RegExp): void {
  expect(result.stderr.trim().split('\n')).toHaveLength(1);
  expect(result.stderr).toMatch(sentence);
  expect(result.status).toBe(1);
}

describe('set-up', () => {
  it('names what to install where it cannot', () => {
    const result = setup();
    expectOneSentence(
      result,
      /^Please install Emscripten 3\.1\.6 or newer .*CMake.*Ninja.*neither apt nor Homebrew/,
    );
  });

  it('says so when it may not install', () => {
    fake('apt-get', 'exit 1');
    const nobody = process.getuid?.() === 0 ? 65534 : (process.getuid?.() ?? 65534);
    expectOneSentence(
      setup({ user: nobody }),
      /^No rights .*`apt-get install emscripten .*cmake ninja-build xz-utils`/,
    );
  });

  it('asks sudo where there is sudo, and says why it wants it', () => {
    const log = path.join(bin, 'log');
    fake('apt-get', 'exit 1');
    fake(
      'sudo',
      `printf "%s\\n" "$*" >> ${log}; case "$*" in *install*) for tool in emcc ninja xz; do ln -sf ${bin}/sh ${bin}/$tool; done;; esac`,
    );
    fake('cmake', 'echo cmake version 3.25.1');
    const { status, stdout, stderr } = setup({ user: 65534 });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ {2}xz-utils: packs the whole site into one file$/m);
    expect(fs.readFileSync(log, 'utf8')).toMatch(
      /^-n true\n-n env .*apt-get --yes .*install emscripten ninja-build xz-utils\n$/,
    );
  });

  it('says so when there is no network', () => {
    fake(
      'apt-get',
      'echo "E: Failed to fetch http://x/y.deb  Temporary failure resolving \'x\'" >&2; exit 100',
    );
    const result = setup();
    expectOneSentence(result, /^No network: apt cannot download emscripten/);
    expect(result.stdout).toMatch(/^ {2}emscripten: compiles the C\+\+ engine to WebAssembly$/m);
  });

  it('passes on any other reason', () => {
    fake('apt-get', 'echo "E: Unable to locate package emscripten" >&2; exit 100');
    expectOneSentence(setup(), /^apt could not install emscripten.*: Unable to locate package emscripten\n$/);
  });

  it('fetches new package lists when the first attempt fails, and installs again', () => {
    const log = path.join(bin, 'log');
    fake(
      'apt-get',
      `for word in "$@"; do case $word in install|update) echo $word >> ${log};; esac; done; exit 100`,
    );
    setup();
    expect(fs.readFileSync(log, 'utf8')).toBe('install\nupdate\ninstall\n');
  });

  it.each([
    ['keeps a Node that no package owns, which that of the packages would overwrite', 'exit 1', true],
    ['has packages replace what is theirs', 'exit 0', false],
  ])('%s', (_, dpkg, kept) => {
    const log = path.join(bin, 'log');
    fake('dpkg', dpkg);
    fake('apt-get', `printf "%s\\n" "$@" > ${log}; exit 100`);
    setup();
    const words = fs.readFileSync(log, 'utf8').split('\n');
    expect(words.includes(`--option=Dpkg::Options::=--path-exclude=${process.execPath}`)).toBe(kept);
  });

  it('uses Homebrew where there is no apt', () => {
    const log = path.join(bin, 'log');
    fake('brew', `echo "$@" >> ${log}; for tool in emcc ninja xz; do ln -sf ${bin}/sh ${bin}/$tool; done`);
    fake('cmake', 'echo cmake version 3.31.2');
    expect(setup().status).toBe(0);
    expect(fs.readFileSync(log, 'utf8')).toBe('install emscripten\ninstall ninja\ninstall xz\n');
  });

  it('says so when Homebrew has no network, and passes on any other reason', () => {
    fake('brew', 'echo "curl: (6) Could not resolve host: formulae.brew.sh" >&2; exit 1');
    expectOneSentence(setup(), /^No network: Homebrew cannot download emscripten; please connect/);
    fake('brew', 'echo "Error: No available formula with the name emscripten" >&2; exit 1');
    expectOneSentence(setup(), /^Homebrew could not install emscripten: No available formula/);
  });

  it.runIf(process.platform === 'linux')(
    'names what Homebrew does not have, after installing what it has',
    () => {
      const log = path.join(bin, 'log');
      fake('brew', `echo "$@" >> ${log}`);
      expectOneSentence(
        setup({ command: 'test:full' }),
        /^The system's packages do not bring .*WebKitGTK.*, Xvfb .*, xauth: please install it by hand/,
      );
      const installed = fs.readFileSync(log, 'utf8').trim().split('\n');
      expect(installed).toContain('install --cask google-chrome');
      expect(installed.filter((line) => !/^install (--cask )?[a-z0-9-]+$/.test(line))).toEqual([]);
    },
  );

  it('says so when npm has no network', () => {
    const lock = { packages: { 'node_modules/lit': { version: '3.3.3', integrity: 'sha512-x' } } };
    fs.writeFileSync(path.join(bin, 'package-lock.json'), JSON.stringify(lock));
    const npm = path.join(bin, 'npm.cjs');
    fs.writeFileSync(npm, "console.error('npm error code EAI_AGAIN'); process.exitCode = 1;");
    vi.stubEnv('npm_execpath', npm);
    vi.spyOn(console, 'log').mockReturnValue();
    expect(() => installPackages(bin)).toThrow(
      /^No network: npm cannot download its packages; please connect/,
    );
    fs.writeFileSync(npm, "console.error('npm error code EBADENGINE'); process.exitCode = 1;");
    expect(() => installPackages(bin)).toThrow(
      /^npm could not install its packages:\nnpm error code EBADENGINE$/,
    );
  });

  it('finds an old CMake too old', () => {
    for (const tool of ['emcc', 'ninja', 'xz']) fake(tool, 'exit 0');
    fake('cmake', 'echo cmake version 3.22.1');
    expectOneSentence(setup(), /^Please install CMake 3\.25 or newer, then/);
  });

  it('does nothing when nothing is missing', () => {
    for (const tool of ['emcc', 'ninja', 'xz']) fake(tool, 'exit 0');
    fake('cmake', 'echo cmake version 3.25.1');
    fake('apt-get', 'echo called');
    expect(setup()).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('refuses an old Node before anything else', () => {
    const old = path.join(bin, 'old.cjs');
    fs.writeFileSync(old, "Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } });");
    const result = setup({ preload: [old, path.resolve('scripts/require-node.cjs')] });
    expectOneSentence(result, /^Node\.js 18\.20\.4 is too old: BatchNorm Lab needs 20\.19 or newer/);
  });
});
