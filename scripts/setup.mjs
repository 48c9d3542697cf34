// Installs what a command needs and the machine lacks. When nothing is missing it only looks, and is done in a moment.
//   node scripts/setup.mjs [start | build | test | test:full | lint | format | bench]

import fs from 'node:fs';
import path from 'node:path';
import { findChromium, findFirefox, findMiniBrowser, findWebKitDriver } from './lib/browser.mjs';
import { capture, isMain, main, Refusal, root, which } from './lib/process.mjs';

const TOOLS = {
  emscripten: {
    name: 'Emscripten 3.1.6 or newer (emcc on the PATH)',
    why: 'compiles the C++ engine to WebAssembly',
    found: () => which('emcc'),
    apt: 'emscripten',
    brew: 'emscripten',
  },
  eigen: {
    name: 'Eigen 3.4 or newer',
    why: 'the matrix library the engine is written with',
    found: () => findHeader('eigen3/Eigen/Core'),
    apt: 'libeigen3-dev',
    brew: 'eigen',
  },
  cmake: {
    name: 'CMake 3.25 or newer',
    why: 'describes the C++ build',
    found: () => atLeast(3, 25, capture('cmake', ['--version']).output),
    apt: 'cmake',
    brew: 'cmake',
  },
  ninja: {
    name: 'Ninja',
    why: 'runs the C++ build, and only what changed',
    found: () => which('ninja'),
    apt: 'ninja-build',
    brew: 'ninja',
  },
  xz: {
    name: 'xz',
    why: 'packs the whole site into one file',
    found: () => which('xz'),
    apt: 'xz-utils',
    brew: 'xz',
  },
  compiler: {
    name: 'a C++20 compiler (g++ or clang++)',
    why: 'compiles the engine natively for its tests',
    found: () => process.env.CXX || which('c++', 'g++', 'clang++'),
    apt: 'g++',
    brew: 'gcc',
  },
  doctest: {
    name: 'doctest',
    why: "the framework of the engine's tests",
    found: () => findHeader('doctest/doctest.h'),
    apt: 'doctest-dev',
    brew: 'doctest',
  },
  json: {
    name: 'JSON for Modern C++ (nlohmann/json.hpp)',
    why: 'reads and writes the results of the command line',
    found: () => findHeader('nlohmann/json.hpp'),
    apt: 'nlohmann-json3-dev',
    brew: 'nlohmann-json',
  },
  cli11: {
    name: 'CLI11',
    why: "reads the command line's options",
    found: () => findHeader('CLI/CLI.hpp'),
    apt: 'libcli11-dev',
    brew: 'cli11',
  },
  clangFormat: {
    name: 'clang-format',
    why: "checks and sets the layout of the engine's code",
    found: () => which('clang-format'),
    apt: 'clang-format',
    brew: 'llvm',
  },
  clangTidy: {
    name: 'clang-tidy',
    why: "looks for likely mistakes in the engine's code",
    found: () => which('clang-tidy'),
    apt: 'clang-tidy',
    brew: 'llvm',
  },
  chromium: {
    name: 'Chromium or Chrome (or its place in CHROME_PATH)',
    why: 'the browser the page is tested in',
    found: findChromium,
    apt: 'chromium-headless-shell',
    brew: '--cask google-chrome', // its Chromium is not signed, and macOS refuses to open it
  },
  xmllint: {
    name: 'xmllint',
    why: "holds the SCORM package's manifest against its schemas",
    found: () => which('xmllint'),
    apt: 'libxml2-utils',
    brew: 'libxml2',
  },
  firefox: {
    name: 'Firefox',
    why: 'the second browser the page is tested in',
    found: findFirefox,
    apt: 'firefox-esr',
    brew: '--cask firefox',
  },
  webkit: {
    name: 'WebKitGTK with its MiniBrowser and WebKitWebDriver',
    why: 'the third browser the page is tested in',
    found: () => findWebKitDriver() && findMiniBrowser(),
    apt: 'webkit2gtk-driver',
  },
  screen: {
    name: 'Xvfb with xvfb-run',
    why: 'a screen that nobody sees, for WebKitGTK',
    found: () => which('xvfb-run') && which('Xvfb'),
    apt: 'xvfb',
  },
  screenKey: {
    name: 'xauth',
    why: 'keeps that screen to those who started it',
    found: () => which('xauth'),
    apt: 'xauth',
  },
  hugo: {
    name: 'Hugo',
    why: 'makes a page with a figure, as people who use it would',
    found: () => which('hugo'),
    apt: 'hugo',
    brew: 'hugo',
  },
  pandoc: {
    name: 'Pandoc',
    why: 'makes a page with a figure, as Quarto does',
    found: () => which('pandoc'),
    apt: 'pandoc',
    brew: 'pandoc',
  },
  torch: {
    name: 'PyTorch for Python 3',
    why: "runs the programs the page exports and compares their losses with the engine's",
    found: () =>
      ['python3', '/usr/bin/python3'].some((python) => capture(python, ['-c', 'import torch']).code === 0),
    apt: 'python3-torch',
    brew: 'pytorch',
  },
};

const BUILD = ['emscripten', 'eigen', 'cmake', 'ninja', 'xz'];
const NATIVE = ['eigen', 'cmake', 'ninja', 'compiler', 'doctest', 'json', 'cli11'];
const LINT = [...NATIVE, 'clangFormat', 'clangTidy'];
const TEST = [...new Set([...BUILD, ...LINT, 'chromium'])];
/** Elsewhere WebKit is not GTK's, and is not tested. */
const WEBKIT = process.platform === 'linux' ? ['webkit', 'screen', 'screenKey'] : [];
const NEEDS = {
  start: BUILD,
  build: BUILD,
  lint: LINT,
  format: ['clangFormat'],
  test: TEST,
  'test:full': [...TEST, 'hugo', 'pandoc', 'torch', 'xmllint', 'firefox', ...WEBKIT],
  bench: [...BUILD, 'compiler', 'chromium'],
};

/** Sees to it that everything `command` needs is there; throws a Refusal where that cannot be done. */
export function setup(command) {
  installTools(NEEDS[command].map((key) => TOOLS[key]));
  installPackages(root);
}

function installTools(tools) {
  const missing = tools.filter((tool) => !tool.found());
  if (missing.length === 0) return;

  if (which('apt-get')) installWithApt(missing);
  else if (which('brew')) installWithBrew(missing);
  else {
    const names = missing.map(({ name }) => name).join(', ');
    throw new Refusal(
      `Please install ${names}, then run this command again: there is neither apt nor Homebrew here to do it.`,
    );
  }

  const stillMissing = missing.filter((tool) => !tool.found()).map(({ name }) => name);
  if (stillMissing.length > 0) {
    throw new Refusal(
      `The system's packages do not bring ${stillMissing.join(', ')}: please install it by hand, then run this command again.`,
    );
  }
}

function announce(missing, packageOf) {
  console.log("Installing from the system's packages:");
  for (const tool of missing) console.log(`  ${packageOf(tool)}: ${tool.why}`);
}

// ---- apt ----------------------------------------------------------------------------------------------------------

function installWithApt(missing) {
  const packages = missing.map(({ apt }) => apt);
  const asRoot = rootPrefix(packages);
  announce(missing, ({ apt }) => apt);
  console.log('This takes a few minutes.');
  const apt = (...args) =>
    capture(asRoot[0] ?? 'env', [
      ...(asRoot.length > 0 ? [...asRoot.slice(1), 'env'] : []),
      'DEBIAN_FRONTEND=noninteractive',
      'LC_ALL=C',
      'apt-get',
      '--yes',
      '--option=DPkg::Lock::Timeout=300',
      ...args,
    ]);
  const install = () => apt('--no-install-recommends', ...keepThisNode(), 'install', ...packages);

  // Package lists may be missing or old: then the first attempt fails at once, and new lists help.
  let result = install();
  if (result.code !== 0) {
    const update = apt('update');
    result = install();
    result.output = update.output + result.output;
  }
  if (result.code === 0) return;
  if (isOffline(result.output)) {
    throw new Refusal(
      `No network: apt cannot download ${packages.join(', ')}; please connect and run this command again.`,
    );
  }
  const reason = /^E: (.*)$/m.exec(result.output)?.[1] ?? `exit code ${result.code}`;
  throw new Refusal(`apt could not install ${packages.join(', ')}: ${reason}`);
}

/** What to put before a command so that it runs as root: nothing, or sudo. */
function rootPrefix(packages) {
  if (process.getuid() === 0) return [];
  if (which('sudo')) {
    if (capture('sudo', ['-n', 'true']).code === 0) return ['sudo', '-n'];
    if (process.stdin.isTTY && process.stderr.isTTY && capture('sudo', ['-v']).code === 0) return ['sudo'];
  }
  throw new Refusal(
    `No rights to install system packages: please have an administrator run \`apt-get install ${packages.join(' ')}\`, then run this command again.`,
  );
}

/**
 * Debian's emscripten brings Debian's own Node, which would overwrite a newer one put at the same place by hand: tell
 * dpkg to leave out a file that no package owns.
 */
function keepThisNode() {
  const owned = capture('dpkg', ['--search', process.execPath]).code === 0;
  return owned ? [] : [`--option=Dpkg::Options::=--path-exclude=${process.execPath}`];
}

// ---- Homebrew -----------------------------------------------------------------------------------------------------

function installWithBrew(missing) {
  const offered = missing.filter(({ brew }) => brew);
  announce(offered, ({ brew }) => brew);
  for (const formula of new Set(offered.map(({ brew }) => brew))) {
    const { code, output } = capture('brew', ['install', ...formula.split(' ')]);
    if (code === 0) continue;
    if (isOffline(output)) {
      throw new Refusal(
        `No network: Homebrew cannot download ${formula}; please connect and run this command again.`,
      );
    }
    const reason = /^Error: (.*)$/m.exec(output)?.[1] ?? `exit code ${code}`;
    throw new Refusal(`Homebrew could not install ${formula}: ${reason}`);
  }
}

// ---- npm ----------------------------------------------------------------------------------------------------------

/** `npm ci` in `directory`, unless its node_modules is already what its package-lock.json says. */
export function installPackages(directory) {
  if (packagesMatch(directory)) return;
  const where = path.relative(root, path.join(directory, 'node_modules'));
  console.log(`Installing the npm packages of package-lock.json into ${where}.`);
  const npm = process.env.npm_execpath;
  const args = [
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=3000',
  ];
  const { code, output } = npm
    ? capture(process.execPath, [npm, ...args], { cwd: directory })
    : capture('npm', args, { cwd: directory });
  if (code === 0) return;
  if (isOffline(output)) {
    throw new Refusal(
      'No network: npm cannot download its packages; please connect and run this command again.',
    );
  }
  const reason = output
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/.test(line))
    .slice(0, 4)
    .join('\n');
  throw new Refusal(`npm could not install its packages:\n${reason || output}`);
}

function packagesMatch(directory) {
  const wanted = readLock(path.join(directory, 'package-lock.json'));
  const present = readLock(path.join(directory, 'node_modules/.package-lock.json'));
  if (!present) return false;
  const same = (name) =>
    present[name]?.version === wanted[name].version && present[name]?.integrity === wanted[name].integrity;
  return (
    Object.keys(present).every((name) => name in wanted) &&
    Object.keys(wanted).every((name) =>
      // Packages for other systems are listed but not installed.
      same(name) ? fs.existsSync(path.join(directory, name)) : wanted[name].optional && !present[name],
    )
  );
}

function readLock(file) {
  if (!fs.existsSync(file)) return undefined;
  const { packages } = JSON.parse(fs.readFileSync(file, 'utf8'));
  delete packages[''];
  return packages;
}

// ---- looking ------------------------------------------------------------------------------------------------------

function findHeader(header) {
  const prefixes = (process.env.CMAKE_PREFIX_PATH ?? '').split(path.delimiter).filter(Boolean);
  return [...prefixes, '/usr', '/usr/local', '/opt/homebrew', '/home/linuxbrew/.linuxbrew'].some((prefix) =>
    fs.existsSync(path.join(prefix, 'include', header)),
  );
}

function atLeast(major, minor, text) {
  const [, foundMajor, foundMinor] = /(\d+)\.(\d+)/.exec(text) ?? [];
  return Number(foundMajor) > major || (Number(foundMajor) === major && Number(foundMinor) >= minor);
}

function isOffline(output) {
  return /could not resolve|temporary failure|unable to connect|could not connect|cannot initiate the connection|network is unreachable|connection (timed out|refused|failed)|couldn't connect|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ECONNRESET|ERR_SOCKET_TIMEOUT/i.test(
    output,
  );
}

if (isMain(import.meta.url)) await main(() => setup(process.argv[2] ?? 'test'));
