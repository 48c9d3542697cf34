import { simd } from 'wasm-feature-detect';
import { loadEngine } from '../../wasm/engine.ts';
import { EngineError } from '../protocol/engine-error.ts';
import './parts.ts';

/** In the place of web/client/assets.ts: everything is in this very file, in one binary, which needs SIMD. */
const NO_SIMD =
  'This browser is too old for the figures in this file, which need WebAssembly with SIMD: Chrome or Edge 91, Firefox 89, Safari ' +
  '16.4 or newer. The text can be read without them.';

/** A copy: bytes are handed over to the worker that gets them. */
export async function readBinary(): Promise<ArrayBuffer> {
  if (!(await simd())) throw new EngineError({ message: NO_SIMD });
  return globalThis.batchNormLabParts!.wasm.slice().buffer;
}

/** The studies' definitions are in the binary too; as a file of their own they would be there twice. */
export async function readStudyDefinitions(): Promise<string> {
  const engine = await loadEngine({ wasm: await readBinary() });
  return engine.call('study_list', {}).studies;
}
