// Checks that code only ever imports along the one direction: engine → workbench → bindings → worker ⇢ client →
// charts → components → pages. The tables below are that direction; docs/architecture.md says why.
//   node scripts/check-imports.mjs

import fs from 'node:fs';
import path from 'node:path';
import { isMain, main, root } from './lib/process.mjs';

/** C++: what a directory may include besides itself, the standard library and Eigen. */
const CPP_AREAS = {
  'src/core': [],
  'src/data': ['src/core'],
  'src/nn': ['src/core'],
  'src/train': ['src/core', 'src/data', 'src/nn'],
  'src/probe': ['src/core', 'src/data', 'src/nn', 'src/train'],
  'src/experiments': ['src', 'src/core', 'src/data', 'src/nn', 'src/train', 'src/probe'],
  // The float engine, compiled once: what lies in no directory further down.
  src: ['src/core', 'src/data', 'src/nn', 'src/train', 'src/probe'],
  wasm: ['src', 'src/core', 'src/data', 'src/nn', 'src/train', 'src/probe', 'src/experiments'],
  cli: ['src', 'src/core', 'src/experiments'],
};

/** Libraries besides Eigen: where they may be included. */
const CPP_LIBRARIES = { cli: ['CLI/', 'nlohmann/'] };

/** The only file that may know what it is compiled for: Emscripten's headers and those of its C library. */
const BINDINGS = 'wasm/bindings.cpp';

/** The engine knows no clock, no files, no threads, and the same seed gives the same numbers everywhere. */
const FORBIDDEN_IN_ENGINE =
  /^(chrono|ctime|iostream|istream|ostream|fstream|cstdio|print|filesystem|thread|future|mutex)$/;

/** TypeScript: which directories and packages a directory may import besides itself. */
const TS_AREAS = {
  'web/protocol': { areas: [], packages: [] },
  wasm: { areas: ['web/protocol'], packages: ['wasm-feature-detect'] },
  'web/worker': { areas: ['wasm', 'web/protocol'], packages: ['d3-dsv'] },
  'web/client': {
    areas: ['web/worker', 'wasm', 'web/protocol'],
    packages: [
      '@wasm/engine-simd.wasm',
      '@wasm/engine-scalar.wasm',
      '@wasm/figures-simd.wasm',
      '@wasm/figures-scalar.wasm',
      '@wasm/studies-simd.wasm',
      '@wasm/studies-scalar.wasm',
      '@wasm/studies.json',
      'wasm-feature-detect',
    ],
  },
  'web/style': { areas: ['web/protocol'], packages: ['lit'] },
  // What people say, and what the experiments make of it: values and rules, without an engine or a page.
  'web/claims': { areas: ['web/protocol'], packages: [] },
  // What teachers are given: words and where they point, for the pages that are made of them.
  'web/teach': { areas: ['web/protocol', 'web/claims'], packages: [] },
  // Questions, and the rules by which they are asked and judged: values, without an engine or a page.
  'web/quiz': { areas: ['web/protocol'], packages: [] },
  // What can be taken away: text and bytes out of plain values.
  'web/export': { areas: ['web/protocol'], packages: ['uqr'] },
  // Keeps the site for when there is no network.
  'web/offline': { areas: [], packages: ['wasm-feature-detect'] },
  // Scores on their way to a course platform: messages and a platform's API, without an element.
  'web/report': { areas: ['web/protocol'], packages: [] },
  'web/charts': { areas: ['web/client', 'web/protocol'], packages: ['chart.js', 'lit'] },
  'web/components': {
    areas: [
      'web/charts',
      'web/claims',
      'web/client',
      'web/export',
      'web/quiz',
      'web/report',
      'web/style',
      'web/protocol',
    ],
    packages: ['lit'],
  },
  // Figures in other people's pages: elements by script, one figure in a frame.
  'web/embed': { areas: ['web/components', 'web/style', 'web/protocol'], packages: ['lit'] },
  // The same for notebooks, in one text with the engine inside.
  'web/anywidget': {
    areas: ['web/embed', 'web/components', 'web/protocol', 'wasm'],
    packages: ['@packed-engine', 'wasm-feature-detect'],
  },
  // And for other people's bundlers: a module for each element.
  'web/elements': { areas: ['web/embed', 'web/components', 'web/protocol'], packages: [] },
  // The page of the SCORM package.
  'web/scorm': { areas: ['web/components', 'web/report', 'web/protocol'], packages: ['lit'] },
  'web/pages': {
    areas: ['web/embed', 'web/components', 'web/charts', 'web/client', 'web/style', 'web/protocol'],
    packages: ['lit'],
  },
  // The whole site in one file.
  'web/onefile': {
    areas: ['web/pages', 'web/embed', 'web/components', 'web/protocol', 'wasm'],
    packages: ['@onefile/pages', 'wasm-feature-detect'],
  },
};

/** Every import against the direction under `directory`, as sentences; none is the good case. */
export function checkImports(directory) {
  return sourceFiles(directory).flatMap((file) => {
    const text = fs.readFileSync(path.join(directory, file), 'utf8');
    const check = file.endsWith('.ts') ? checkTypeScript : checkCpp;
    return check(directory, file, withoutComments(text)).map((problem) => `${file}: ${problem}`);
  });
}

function checkCpp(directory, file, text) {
  const area = areaOf(file, CPP_AREAS);
  const problems = [];
  if (!area) return [`lies in no directory the import check knows`];
  for (const [, open, header] of text.matchAll(/^\s*#\s*include\s*([<"])([^>"]+)[>"]/gm)) {
    if (open === '<') {
      const standard = /^[a-z_0-9]+$/.test(header);
      if (standard && area.startsWith('src') && FORBIDDEN_IN_ENGINE.test(header)) {
        problems.push(`the engine may not include <${header}>`);
      } else if (
        !standard &&
        !librariesOf(area).some((start) => header.startsWith(start)) &&
        file !== BINDINGS
      ) {
        problems.push(`may not include <${header}>`);
      }
      continue;
    }
    const target = ['src', 'wasm', 'cli']
      .map((top) => path.join(top, header))
      .find((candidate) => fs.existsSync(path.join(directory, candidate)));
    if (!target) problems.push(`includes "${header}", which is neither in src/ nor in wasm/ nor in cli/`);
    else if (!mayUse(area, areaOf(target, CPP_AREAS), CPP_AREAS[area]))
      problems.push(`may not include ${target}`);
  }
  return problems;
}

function librariesOf(area) {
  return ['Eigen/', ...(CPP_LIBRARIES[area] ?? [])];
}

function checkTypeScript(directory, file, text) {
  const area = areaOf(file, TS_AREAS);
  if (!area) return [`lies in no directory the import check knows`];
  const { areas, packages } = TS_AREAS[area];
  const specifiers = [
    ...text.matchAll(/\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g),
    ...text.matchAll(/\bimport\s*\(?\s*['"]([^'"]+)['"]/g),
  ].map(([, specifier]) => specifier.replace(/\?.*$/, ''));
  return specifiers.flatMap((specifier) => {
    if (!specifier.startsWith('.')) {
      const allowed = packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
      return allowed ? [] : [`may not import the package ${specifier}`];
    }
    const target = path.normalize(path.join(path.dirname(file), specifier));
    return mayUse(area, areaOf(target, TS_AREAS), areas) ? [] : [`may not import ${target}`];
  });
}

const mayUse = (from, to, others) => to !== undefined && (to === from || others.includes(to));

/** The entry of `areas` a file lies under; the closer ones stand first. */
function areaOf(file, areas) {
  return Object.keys(areas).find((area) => file.startsWith(`${area}/`));
}

function sourceFiles(directory) {
  return ['src', 'wasm', 'cli', 'web']
    .filter((top) => fs.existsSync(path.join(directory, top)))
    .flatMap((top) =>
      fs.readdirSync(path.join(directory, top), { recursive: true }).map((file) => path.join(top, file)),
    )
    .filter((file) => /\.(cpp|hpp|ts)$/.test(file) && !file.startsWith('wasm/eigen-simd/'))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}

function withoutComments(text) {
  return text.replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

if (isMain(import.meta.url)) {
  await main(() => {
    const problems = checkImports(root);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exit(1);
  });
}
