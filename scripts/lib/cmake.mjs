import fs from 'node:fs';
import path from 'node:path';
import { root, run, which } from './process.mjs';

/** Configures a preset of CMakePresets.json if that has not been done yet; resolves to an exit code. */
export async function configure(preset) {
  const directory = path.join(root, 'build', preset);
  const stamp = path.join(directory, 'configured-with');
  const compiler = compilerIdentity(preset);
  const configuredWith = fs.existsSync(stamp) ? fs.readFileSync(stamp, 'utf8') : compiler;
  if (fs.existsSync(path.join(directory, 'build.ninja')) && configuredWith === compiler) return 0;

  const cmake = ['cmake', '--preset', preset, '--fresh'];
  // emcmake adds Emscripten's toolchain file, wherever this Emscripten keeps it.
  const [program, ...args] = preset.startsWith('wasm') ? ['emcmake', ...cmake] : cmake;
  const code = await run(program, args);
  if (code === 0) fs.writeFileSync(stamp, compiler);
  return code;
}

/**
 * Brings a preset's targets up to date, or those of a part of it, which has a build preset of its own; Ninja does only what
 * changed. Resolves to an exit code.
 */
export async function build(preset, part) {
  return (await configure(preset)) || run('cmake', ['--build', '--preset', presetOf(preset, part)]);
}

/** How the build and the test preset of a part are called. */
export function presetOf(preset, part) {
  return part ? `${preset}-${part}` : preset;
}

/** Changes when another compiler is used than the one the build directory was made with. */
function compilerIdentity(preset) {
  const file = fs.realpathSync(
    preset.startsWith('wasm') ? which('emcc') : (which('c++', 'g++', 'clang++') ?? root),
  );
  const { mtimeMs, size } = fs.statSync(file);
  return JSON.stringify({ file, mtimeMs, size, chosen: process.env.CXX });
}
