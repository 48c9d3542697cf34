import { simd } from 'wasm-feature-detect';
import { EngineError } from '../protocol/engine-error.ts';
import scalarUrl from '@wasm/engine-scalar.wasm?url';
import simdUrl from '@wasm/engine-simd.wasm?url';

export const NO_WEBASSEMBLY =
  'This browser cannot run WebAssembly, which the figures need; the text can be read without them.';
const NOT_FETCHED =
  'The engine behind the figures could not be fetched; reload the page to try again. The text can be read without it.';

/** The binary for this browser, as bytes: a worker made from a Blob has no address of its own to fetch it from. */
export async function fetchBinary(): Promise<ArrayBuffer> {
  if (typeof WebAssembly === 'undefined') throw new EngineError({ message: NO_WEBASSEMBLY });
  const url = (await simd()) ? simdUrl : scalarUrl;
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: HTTP status ${response.status}`);
    return await response.arrayBuffer();
  } catch (cause) {
    throw new EngineError({ message: NOT_FETCHED }, { cause });
  }
}
