import { readFileSync } from 'node:fs';
import { expect, vi } from 'vitest';
import { type Engine, EngineError, loadEngine } from '../../wasm/engine.ts';
import type { Result } from '../../web/protocol/tensor.ts';

/**
 * The binaries come with SIMD and without; `studies` has the operations of StudyOperation, `engine` all others, and `figures`
 * those of FigureOperation. `whole`, with SIMD only, has all there are.
 */
export const BINARIES = ['simd', 'scalar'] as const;
export type Binary = (typeof BINARIES)[number];
export type BinaryName = 'engine' | 'figures' | 'studies' | 'whole';

export function binaryUrl(binary: Binary, name: BinaryName = 'engine'): URL {
  return new URL(`../../build/wasm-${binary}/${name}.wasm`, import.meta.url);
}

export function binaryBytes(binary: Binary, name?: BinaryName): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(binaryUrl(binary, name)));
}

export function load(binary: Binary, name?: BinaryName): Promise<Engine> {
  return loadEngine({ wasm: binaryBytes(binary, name) });
}

/** An engine and the memory it lives in, which it shows to nobody. */
export async function memoryOf(
  start: () => Promise<Engine>,
): Promise<{ engine: Engine; memory: WebAssembly.Memory }> {
  const instantiated = vi.spyOn(WebAssembly, 'instantiate');
  try {
    const engine = await start();
    const instance = (await instantiated.mock.results[0]?.value) as unknown as WebAssembly.Instance;
    return { engine, memory: instance.exports['memory'] as WebAssembly.Memory };
  } finally {
    instantiated.mockRestore();
  }
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

const valuesOf = (result: Result | undefined) =>
  typeof result === 'object' ? result.data : [Number(result)];
const shapeOf = (result: Result | undefined) => (typeof result === 'object' ? result.shape : typeof result);

/** Of one shape, NaN in the same places, and equal up to `tolerance` relative to the largest expected value or to 1. */
export function expectClose(
  name: string,
  actual: Result | undefined,
  expected: Result,
  tolerance: number,
): void {
  expect({ [name]: shapeOf(actual) }).toEqual({ [name]: shapeOf(expected) });
  const wanted = Array.from(valuesOf(expected));
  const scale = Math.max(1, ...wanted.filter((value) => !Number.isNaN(value)).map(Math.abs));
  const differences = Array.from(valuesOf(actual), (value, i) =>
    Number.isNaN(value) && Number.isNaN(wanted[i]) ? 0 : Math.abs(value - wanted[i]!),
  );
  const error = Math.max(...differences) / scale;
  expect({ [name]: error <= tolerance ? 'close' : error }).toEqual({ [name]: 'close' });
}
