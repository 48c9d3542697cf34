import type { Dtype } from '../web/protocol/tensor.ts';

/**
 * The C interface of the binaries as `bindings.cpp` exports it; engine.ts is its only user. One request at a time:
 * begin, add the arguments by name, call, read the reply. Names and texts are UTF-8 and pass through a scratch.
 */
export interface Exports {
  memory: WebAssembly.Memory;
  /** Runs the C++ constructors; once, before anything else. */
  _initialize(): void;
  /** Drops the previous request and its reply. */
  bnlab_begin(): void;
  /** The scratch, valid until the next reserve; 0 if there is no room. */
  bnlab_reserve(bytes: number): number;
  bnlab_number(nameLength: number, value: number): void;
  bnlab_boolean(nameLength: number, value: number): void;
  /** The text follows the name in the scratch. */
  bnlab_text(nameLength: number, textLength: number): void;
  /** Where to put the data; 0 if there is no room. */
  bnlab_tensor(
    nameLength: number,
    dtype: number,
    rank: number,
    d0: number,
    d1: number,
    d2: number,
    d3: number,
  ): number;
  /** Runs the operation named in the scratch. 0: the reply is its result; 1: the reply is an error's texts. */
  bnlab_call(nameLength: number): number;
  bnlab_reply_count(): number;
  /** Where the record of leaf `i` of the reply stands, laid out as REPLY says. */
  bnlab_reply(i: number): number;
}

/** The same at run time, for the check that a binary is the engine's: the parameters of each function. */
export const EXPORTS: {
  readonly [K in keyof Exports]: Exports[K] extends (...parameters: infer P) => unknown
    ? P['length']
    : 'memory';
} = {
  memory: 'memory',
  _initialize: 0,
  bnlab_begin: 0,
  bnlab_reserve: 1,
  bnlab_number: 2,
  bnlab_boolean: 2,
  bnlab_text: 2,
  bnlab_tensor: 7,
  bnlab_call: 1,
  bnlab_reply_count: 0,
  bnlab_reply: 1,
};

/** A dtype's number is its place here. */
export const DTYPES: readonly Dtype[] = ['float32', 'float64', 'int32'];

/** A record of the reply: twelve int32, of which the last is padding, and a double; offsets in bytes. */
export const REPLY = {
  kind: 0,
  namePointer: 4,
  nameLength: 8,
  dtype: 12,
  rank: 16,
  dims: 20,
  dataPointer: 36,
  dataBytes: 40,
  number: 48,
} as const;

export const REPLY_KIND = { number: 0, boolean: 1, text: 2, tensor: 3 } as const;
