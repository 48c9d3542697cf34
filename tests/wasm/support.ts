import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type Engine, EngineError, loadEngine } from '../../wasm/engine.ts';

/** The two binaries that are shipped. */
export const BINARIES = ['simd', 'scalar'] as const;
export type Binary = (typeof BINARIES)[number];

export function binaryUrl(binary: Binary): URL {
  return new URL(`../../build/wasm-${binary}/engine.wasm`, import.meta.url);
}

export function binaryBytes(binary: Binary): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(binaryUrl(binary)));
}

export function load(binary: Binary): Promise<Engine> {
  return loadEngine({ wasm: binaryBytes(binary) });
}

/** Runs `action`, which must be refused, and returns the refusal. */
export function refusal(action: () => unknown): EngineError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    return error as EngineError;
  }
  throw new Error('the call was not refused');
}
