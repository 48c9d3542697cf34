import { simd } from 'wasm-feature-detect';
import { EngineError } from '../protocol/engine-error.ts';
import engineScalar from '@wasm/engine-scalar.wasm?url';
import engineSimd from '@wasm/engine-simd.wasm?url';
import figuresScalar from '@wasm/figures-scalar.wasm?url';
import figuresSimd from '@wasm/figures-simd.wasm?url';
import studyDefinitions from '@wasm/studies.json?url';
import studiesScalar from '@wasm/studies-scalar.wasm?url';
import studiesSimd from '@wasm/studies-simd.wasm?url';

/**
 * An engine with every operation on networks and numbers; or, in fewer bytes, one with those that figures need
 * (`FigureOperation`); or the one that runs studies (`StudyOperation`).
 */
export type Extent = 'all' | 'figures' | 'studies';
const URLS = {
  all: { simd: engineSimd, scalar: engineScalar },
  figures: { simd: figuresSimd, scalar: figuresScalar },
  studies: { simd: studiesSimd, scalar: studiesScalar },
};

export const NO_WEBASSEMBLY =
  'This browser cannot run WebAssembly, which the figures need; the text can be read without them.';
const NOT_FETCHED =
  'The engine behind the figures could not be fetched; reload the page to try again. The text can be read without it.';

let allFetched = false;

/** The binary for this browser, as bytes: a worker made from a Blob has no address of its own to fetch it from. */
export async function fetchBinary(extent: Extent = 'all'): Promise<ArrayBuffer> {
  if (typeof WebAssembly === 'undefined') throw new EngineError({ message: NO_WEBASSEMBLY });
  // Figures beside a Lab take the binary that the browser has already.
  if (extent === 'all') allFetched = true;
  const urls = URLS[extent === 'figures' && allFetched ? 'all' : extent];
  const url = (await simd()) ? urls.simd : urls.scalar;
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: HTTP status ${response.status}`);
    return await response.arrayBuffer();
  } catch (cause) {
    throw new EngineError({ message: NOT_FETCHED }, { cause });
  }
}

/** What the studies say of themselves, as JSON: the answer of `study_list`, without the engine. */
export async function fetchStudyDefinitions(): Promise<string> {
  try {
    const response = await fetch(studyDefinitions);
    if (!response.ok) throw new Error(`${studyDefinitions}: HTTP status ${response.status}`);
    return await response.text();
  } catch (cause) {
    throw new EngineError({ message: NOT_FETCHED }, { cause });
  }
}
