import { EngineError } from '../protocol/engine-error.ts';
import { readBinary, readStudyDefinitions } from './assets.ts';

/**
 * An engine with every operation on networks and numbers; or, in fewer bytes, one with those that figures need
 * (`FigureOperation`); or the one that runs studies (`StudyOperation`).
 */
export type Extent = 'all' | 'figures' | 'studies';

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
  return sayWhy(readBinary(extent === 'figures' && allFetched ? 'all' : extent));
}

/** What the studies say of themselves, as JSON: the answer of `study_list`, without the engine. */
export async function fetchStudyDefinitions(): Promise<string> {
  return sayWhy(readStudyDefinitions());
}

/** In a sentence for the visitor, unless it is one already. */
async function sayWhy<T>(asset: Promise<T>): Promise<T> {
  try {
    return await asset;
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError({ message: NOT_FETCHED }, { cause });
  }
}
