import { simd } from 'wasm-feature-detect';
import { loadEngine } from '../../wasm/engine.ts';
import { EngineError } from '../protocol/engine-error.ts';
import packed from '@packed-engine';

/**
 * In the place of web/client/assets.ts: notebooks load a widget as one text, so the engine is in it, all of it in one binary with
 * SIMD, deflated. Browsers that can inflate have SIMD, from Chrome 103, Firefox 113 and Safari 16.4 on.
 */
const TOO_OLD =
  'This browser is too old for the widget, which needs WebAssembly with SIMD and streams that inflate: Chrome or Edge 103, ' +
  'Firefox 113, Safari 16.4 or newer.';

let inflated: Promise<ArrayBuffer> | undefined;

/** A copy: bytes are handed over to the worker that gets them. */
export async function readBinary(): Promise<ArrayBuffer> {
  if (typeof DecompressionStream === 'undefined' || !(await simd()))
    throw new EngineError({ message: TOO_OLD });
  return (await (inflated ??= inflate(packed))).slice();
}

/** The studies' definitions are in the binary too; as a text of their own they would be there twice. */
export async function readStudyDefinitions(): Promise<string> {
  const engine = await loadEngine({ wasm: await readBinary() });
  return engine.call('study_list', {}).studies;
}

async function inflate(base64: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).arrayBuffer();
}
