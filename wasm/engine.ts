import { simd as supportsSimd } from 'wasm-feature-detect';
import { EngineError } from '../web/protocol/engine-error.ts';
import type { Experiment } from '../web/protocol/experiment.ts';
import type { ArgsOf, OperationName, ResultOf } from '../web/protocol/operations.ts';
import type { Result } from '../web/protocol/tensor.ts';
import { DTYPES, EXPORTS, type Exports, REPLY, REPLY_KIND } from './abi.ts';
import { ArgumentReader, type CheckedTensor, describe, MAX_NAME } from './arguments.ts';
import { Model } from './model.ts';

export type * from '../web/protocol/experiment.ts';
export type * from '../web/protocol/operations.ts';
export type * from '../web/protocol/tensor.ts';
export { EngineError, Model };

export interface LoadOptions {
  /**
   * The binary: its bytes, a compiled module, or where it is. Default: `engine-simd.wasm` beside this file, or
   * `engine-scalar.wasm` where there is no SIMD.
   */
  wasm?: BufferSource | WebAssembly.Module | URL | string;
  /** Which of the two default binaries; default: SIMD where this JavaScript engine supports it. */
  simd?: boolean;
}

/** Loads the engine in a browser, a worker or Node; every call gives an engine with a memory of its own. */
export async function loadEngine(options: LoadOptions = {}): Promise<Engine> {
  if (typeof WebAssembly === 'undefined')
    throw new EngineError({ message: 'WebAssembly is not available here.' });
  checkOptions(options);
  const module = await compile(options.wasm === undefined ? await defaultBinary(options.simd) : options.wasm);
  return new Engine(await instantiate(module));
}

/**
 * The engine in the caller's thread. This class alone knows of pointers and memory: what is passed in is copied in,
 * what comes back is a copy, and no view of the memory outlives the function that made it, because the memory moves
 * when it grows.
 */
export class Engine {
  readonly #wasm: Exports;
  #broken: EngineError | undefined;

  /** Use `loadEngine`. */
  constructor(wasm: Exports) {
    this.#wasm = wasm;
    this.#wasm._initialize();
  }

  /**
   * Runs one operation. Throws an EngineError when it is refused, and then nothing has changed.
   */
  call<K extends OperationName>(operation: K, args: ArgsOf<K>): ResultOf<K> {
    if (this.#broken) throw this.#broken;
    if (typeof operation !== 'string' || operation.length > MAX_NAME) {
      throw new EngineError({
        argument: 'operation',
        expected: 'the name of an operation',
        actual: describe(operation),
      });
    }
    const reader = new ArgumentReader(operation);
    const leaves = reader.leaves(args);
    try {
      this.#wasm.bnlab_begin();
      for (const { path, value } of leaves) {
        if (typeof value === 'number') this.#wasm.bnlab_number(this.#write(path), value);
        else if (typeof value === 'boolean') this.#wasm.bnlab_boolean(this.#write(path), Number(value));
        else if (typeof value === 'string') this.#putText(path, value);
        else if (!this.#putTensor(path, reader.tensor(path, value))) {
          throw reader.refusal(
            path,
            "a tensor that fits into the engine's memory",
            `${value.data.byteLength} bytes`,
          );
        }
      }
      const failed = this.#wasm.bnlab_call(this.#write(operation)) !== 0;
      const reply = this.#readReply();
      if (failed) throw new EngineError({ operation, ...reply });
      return reply as ResultOf<K>;
    } catch (error) {
      if (error instanceof EngineError) throw error;
      // A trap leaves C++ in the middle of something; nothing it says afterwards could be relied on.
      this.#broken = new EngineError({
        operation,
        message: `The engine stopped by an internal error (${reason(error)}).`,
        hint: 'It cannot go on; load a new one.',
      });
      throw this.#broken;
    }
  }

  /**
   * Builds a network, its optimiser and its data: the experiment's, or those of `data_create`. Call `free()` on it when
   * done.
   */
  model(experiment: Experiment, data?: number): Model {
    return new Model(this, experiment, data);
  }

  /** Puts a name, and a text behind it, at the start of the scratch; returns the name's length in bytes. */
  #write(name: string, text = new Uint8Array()): number {
    const bytes = encoder.encode(name);
    const scratch = this.#wasm.bnlab_reserve(bytes.length + text.length);
    const view = new Uint8Array(this.#wasm.memory.buffer, scratch, bytes.length + text.length);
    view.set(bytes);
    view.set(text, bytes.length);
    return bytes.length;
  }

  #putText(path: string, value: string): void {
    const text = encoder.encode(value);
    this.#wasm.bnlab_text(this.#write(path, text), text.length);
  }

  #putTensor(path: string, { dtype, dims, data }: CheckedTensor): boolean {
    const [d0 = 1, d1 = 1, d2 = 1, d3 = 1] = dims;
    const number = DTYPES.indexOf(dtype);
    const pointer = this.#wasm.bnlab_tensor(this.#write(path), number, dims.length, d0, d1, d2, d3);
    if (pointer === 0) return false;
    new ARRAYS[dtype](this.#wasm.memory.buffer, pointer, data.length).set(data);
    return true;
  }

  #readReply(): Record<string, Result> {
    const count = this.#wasm.bnlab_reply_count();
    const leaves = Array.from({ length: count }, (_, i) => this.#readLeaf(this.#wasm.bnlab_reply(i)));
    return Object.fromEntries(leaves);
  }

  #readLeaf(record: number): [name: string, value: Result] {
    const { buffer } = this.#wasm.memory;
    const view = new DataView(buffer, record);
    const int = (offset: number) => view.getInt32(offset, true);
    const text = (pointer: number, length: number) => decoder.decode(new Uint8Array(buffer, pointer, length));
    const name = text(int(REPLY.namePointer), int(REPLY.nameLength));
    const [start, length] = [int(REPLY.dataPointer), int(REPLY.dataBytes)];
    switch (int(REPLY.kind)) {
      case REPLY_KIND.number:
        return [name, view.getFloat64(REPLY.number, true)];
      case REPLY_KIND.boolean:
        return [name, view.getFloat64(REPLY.number, true) !== 0];
      case REPLY_KIND.text:
        return [name, text(start, length)];
      default: {
        const copy = buffer.slice(start, start + length);
        return [name, { shape: dims(int), data: new ARRAYS[DTYPES[int(REPLY.dtype)]!](copy) }];
      }
    }
  }
}

function dims(int: (offset: number) => number): number[] {
  return Array.from({ length: int(REPLY.rank) }, (_, i) => int(REPLY.dims + 4 * i));
}

const ARRAYS = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** WASI's "not supported": the engine has no files, clock or environment; only its C library's abort would look. */
const notSupported = () => 52;
const HOST: Readonly<Record<string, (...args: never[]) => unknown>> = {
  emscripten_notify_memory_growth: () => undefined,
  proc_exit(code: number): never {
    throw new Error(`exit with status ${code}`);
  },
};

/** Which functions a binary asks its C library's host for depends on the Emscripten that made it. */
function imports(module: WebAssembly.Module): WebAssembly.Imports {
  const host = { env: {}, wasi_snapshot_preview1: {} } as Record<
    string,
    Record<string, WebAssembly.ImportValue>
  >;
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const functions = Object.hasOwn(host, from) && host[from];
    if (functions) functions[name] = HOST[name] ?? notSupported;
  }
  return host;
}

/** What `wasm` is, says whoever compiles it. */
function checkOptions(options: unknown): void {
  const refuse = (argument: string, expected: string, actual: unknown): never => {
    throw new EngineError({ operation: 'loadEngine', argument, expected, actual: describe(actual) });
  };
  if (typeof options !== 'object' || options === null) return refuse('options', 'an object', options);
  const stranger = Object.keys(options).find((name) => name !== 'wasm' && name !== 'simd');
  if (stranger !== undefined) refuse('options', 'wasm and simd only', stranger);
  const { simd } = options as LoadOptions;
  if (simd !== undefined && typeof simd !== 'boolean') refuse('simd', 'true or false', simd);
}

async function defaultBinary(simd: boolean | undefined): Promise<URL> {
  // Each address in full, for bundlers to know which files belong to the module; Vite is not to look for them beside the source.
  return (simd ?? (await supportsSimd()))
    ? new URL(/* @vite-ignore */ 'engine-simd.wasm', import.meta.url)
    : new URL(/* @vite-ignore */ 'engine-scalar.wasm', import.meta.url);
}

async function compile(wasm: NonNullable<LoadOptions['wasm']>): Promise<WebAssembly.Module> {
  if (wasm instanceof WebAssembly.Module) return wasm;
  const bytes = typeof wasm === 'string' || wasm instanceof URL ? await read(wasm) : wasm;
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw new EngineError({ message: `The engine's binary cannot be used: ${reason(error)}.` });
  }
}

async function read(where: URL | string): Promise<BufferSource> {
  try {
    // Webpack is not to take this for a file of the module.
    const url = new URL(/* webpackIgnore: true */ where, import.meta.url);
    // Node's fetch does not read files.
    if (url.protocol === 'file:' && typeof process === 'object') {
      return process.getBuiltinModule('node:fs').readFileSync(url);
    }
    const response = await fetch(url);
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return await response.arrayBuffer();
  } catch (error) {
    throw new EngineError({
      message: `The engine's binary at ${String(where)} cannot be read: ${reason(error)}.`,
    });
  }
}

async function instantiate(module: WebAssembly.Module): Promise<Exports> {
  let instance: WebAssembly.Instance;
  try {
    instance = await WebAssembly.instantiate(module, imports(module));
  } catch (error) {
    throw new EngineError({ message: `The engine's binary cannot be started: ${reason(error)}.` });
  }
  const { exports } = instance;
  const wrong = Object.entries(EXPORTS).filter(([name, parameters]) => {
    const item = exports[name];
    return parameters === 'memory'
      ? !(item instanceof WebAssembly.Memory)
      : typeof item !== 'function' || item.length !== parameters;
  });
  if (wrong.length === 0) return exports as unknown as Exports;
  const names = wrong.map(([name]) => name).join(', ');
  throw new EngineError({
    message: `This WebAssembly binary is not this engine's: ${names} missing or different.`,
    hint: 'Binary and JavaScript must come from the same build.',
  });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
