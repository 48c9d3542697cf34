import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root, runPackage } from './process.mjs';
import { viteBuild } from './vite.mjs';

const dist = path.join(root, 'dist');
const stamp = path.join(root, 'build/site-inputs');

/** Everything the site, the one file, dist/engine and dist/elements are made from. */
const INPUTS = [
  'web',
  'wasm',
  'scripts/vite',
  'vite.config.ts',
  'vite.onefile.config.ts',
  'vite.engine.config.ts',
  'vite.elements.config.ts',
  'vite.anywidget.config.ts',
  'tsconfig.json',
  'tsconfig.engine.json',
  'tsconfig.elements.json',
  'package.json',
  'package-lock.json',
  'build/wasm-simd/engine.wasm',
  'build/wasm-scalar/engine.wasm',
  'build/wasm-simd/figures.wasm',
  'build/wasm-scalar/figures.wasm',
  'build/wasm-simd/studies.wasm',
  'build/wasm-scalar/studies.wasm',
];

/** Builds dist/ from the pages and the wasm files, unless nothing of that changed; resolves to an exit code. */
export async function buildSite() {
  const inputs = fingerprint();
  const built = [
    'index.html',
    'batchnorm-lab.html',
    'engine/engine.js',
    'engine/engine.d.ts',
    'elements/types',
    'anywidget.js',
  ].every((file) => fs.existsSync(path.join(dist, file)));
  if (built && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === inputs) return 0;

  fs.rmSync(stamp, { force: true });
  const code =
    (await viteBuild()) ||
    (await viteBuild('vite.onefile.config.ts')) ||
    (await viteBuild('vite.engine.config.ts')) ||
    (await runPackage('typescript', ['--project', 'tsconfig.engine.json'])) ||
    (await viteBuild('vite.elements.config.ts')) ||
    (await runPackage('typescript', ['--project', 'tsconfig.elements.json'])) ||
    (await viteBuild('vite.anywidget.config.ts'));
  if (code === 0) fs.writeFileSync(stamp, inputs);
  return code;
}

function fingerprint() {
  const hash = crypto.createHash('sha256');
  for (const file of INPUTS.flatMap((input) => filesOf(path.join(root, input)))) {
    hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesOf(input) {
  if (!fs.statSync(input).isDirectory()) return [input];
  return fs
    .readdirSync(input)
    .sort()
    .flatMap((name) => filesOf(path.join(input, name)));
}
