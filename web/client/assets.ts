import { simd } from 'wasm-feature-detect';
import engineScalar from '@wasm/engine-scalar.wasm?url';
import engineSimd from '@wasm/engine-simd.wasm?url';
import figuresScalar from '@wasm/figures-scalar.wasm?url';
import figuresSimd from '@wasm/figures-simd.wasm?url';
import studyDefinitions from '@wasm/studies.json?url';
import studiesScalar from '@wasm/studies-scalar.wasm?url';
import studiesSimd from '@wasm/studies-simd.wasm?url';
import type { Extent } from './binary.ts';

/**
 * Where the engine's bytes come from: files beside the page. In the one file that has everything inside, web/onefile/assets.ts
 * stands in this module's place.
 */
const URLS = {
  all: { simd: engineSimd, scalar: engineScalar },
  figures: { simd: figuresSimd, scalar: figuresScalar },
  studies: { simd: studiesSimd, scalar: studiesScalar },
};

/** The binary for this browser; rejects where it cannot be had. */
export async function readBinary(extent: Extent): Promise<ArrayBuffer> {
  const urls = URLS[extent];
  return (await fetchFile((await simd()) ? urls.simd : urls.scalar)).arrayBuffer();
}

/** The answer of `study_list`, as JSON; rejects where it cannot be had. */
export async function readStudyDefinitions(): Promise<string> {
  return (await fetchFile(studyDefinitions)).text();
}

async function fetchFile(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP status ${response.status}`);
  return response;
}
