import { EngineError } from '../web/protocol/engine-error.ts';
import type { Dtype, TypedArray } from '../web/protocol/tensor.ts';

/**
 * Arguments come from outside: a form, a link, a script without types. This file takes them apart into the named
 * leaves the engine understands and refuses what has no place there. It knows the grammar of arguments, not the
 * operations: which names an operation takes, and with which values, is for the C++ side to say.
 */
export interface Leaf {
  /** `eps`, `experiment.model.layers.0.kind`. */
  readonly path: string;
  readonly value: number | boolean | string | UncheckedTensor;
}

export interface UncheckedTensor {
  /** Missing for a bare typed array, which is a vector. */
  readonly shape?: readonly unknown[];
  readonly data: TypedArray;
}

export interface CheckedTensor {
  readonly dtype: Dtype;
  readonly dims: readonly number[];
  readonly data: TypedArray;
}

/** Far above what an experiment needs; cyclic and hostile values end here. */
const MAX_DEPTH = 8;
const MAX_LEAVES = 4096;
const MAX_TEXT = 1024;
export const MAX_NAME = 40;
const MAX_RANK = 4;
const MAX_DIM = 2 ** 31 - 1;

const ARGUMENTS = 'an object with the arguments by name';
const ARGUMENT = 'a number, a boolean, a text, a typed array or {shape, data}';
const TYPED_ARRAY = 'a Float32Array, Float64Array or Int32Array';
const USE_TYPED_ARRAY = 'Make one with Float32Array.of(…) or Float64Array.of(…).';

/**
 * The arguments of one call. `leaves` reads every property once, and all of them before anything is handed on: a
 * getter may run code, and that code must not find the engine in the middle of a request.
 */
export class ArgumentReader {
  readonly #operation: string;
  readonly #leaves: Leaf[] = [];

  constructor(operation: string) {
    this.#operation = operation;
  }

  leaves(args: unknown): readonly Leaf[] {
    if (!isPlainObject(args)) throw this.refusal('', ARGUMENTS, describe(args), 'Pass {} for none.');
    this.#visitProperties(args, '', 0);
    return this.#leaves;
  }

  /** Shape against data; asked right before copying, because a buffer can go away between reading and copying. */
  tensor(path: string, { shape, data }: UncheckedTensor): CheckedTensor {
    if (isDetached(data)) {
      throw this.refusal(
        path,
        'a typed array that has its buffer',
        'one whose buffer was transferred or cut off',
      );
    }
    const dtype = dtypeOf(data)!;
    const { length } = data;
    if (shape === undefined) {
      if (length === 0) throw this.refusal(path, 'at least one value', 'an empty array');
      return { dtype, dims: [length], data };
    }
    const dims = shape.map((dim, i) => {
      if (typeof dim === 'number' && Number.isInteger(dim) && dim >= 1 && dim <= MAX_DIM) return dim;
      throw this.refusal(`${path}.shape.${i}`, `a whole number from 1 to ${MAX_DIM}`, describe(dim));
    });
    const size = dims.reduce((product, dim) => product * dim, 1);
    if (size !== length) {
      throw this.refusal(`${path}.data`, `${size} values for the shape ${inBrackets(dims)}`, `${length}`);
    }
    return { dtype, dims, data };
  }

  refusal(argument: string, expected: string, actual: string, hint = ''): EngineError {
    return new EngineError({ operation: this.#operation, argument, expected, actual, hint });
  }

  #visit(value: unknown, path: string, depth: number): void {
    if (depth > MAX_DEPTH) {
      throw this.refusal(path, `at most ${MAX_DEPTH} levels of nesting`, 'a deeper or a cyclic value');
    }
    if (typeof value === 'number' || typeof value === 'boolean') this.#add(path, value);
    else if (typeof value === 'string') this.#add(path, this.#text(value, path));
    else if (ArrayBuffer.isView(value)) this.#add(path, { data: this.#typedArray(value, path) });
    else if (Array.isArray(value)) this.#visitItems(value, path, depth);
    else if (!isPlainObject(value)) throw this.refusal(path, ARGUMENT, describe(value), hintFor(value));
    else if (Object.hasOwn(value, 'shape')) this.#add(path, this.#tensor(value, path));
    else this.#visitProperties(value, path, depth);
  }

  #visitProperties(value: Record<string, unknown>, path: string, depth: number): void {
    for (const name of Object.keys(value)) {
      const here = path ? `${path}.${shorten(name)}` : shorten(name);
      if (!/^[a-z][a-z0-9_]*$/i.test(name) || name.length > MAX_NAME) {
        throw this.refusal(here, 'a name of letters, digits and underscores', JSON.stringify(shorten(name)));
      }
      const item = value[name];
      if (item !== undefined) this.#visit(item, here, depth + 1);
    }
  }

  #visitItems(items: readonly unknown[], path: string, depth: number): void {
    if (items.length > MAX_LEAVES) throw this.refusal(path, `at most ${MAX_LEAVES} items`, `${items.length}`);
    // Numbers are tensors, but for the few that say what shape something has.
    if (typeof items[0] === 'number' && !path.endsWith('_shape')) {
      throw this.refusal(path, 'a typed array or {shape, data}', describe(items), USE_TYPED_ARRAY);
    }
    for (let i = 0; i < items.length; i++) {
      const before = this.#leaves.length;
      this.#visit(items[i], `${path}.${i}`, depth + 1);
      // Leaves are all that is handed on: an item without any would be skipped, and its successors take its place.
      if (this.#leaves.length === before) {
        throw this.refusal(`${path}.${i}`, 'an object with values by name', 'an empty one');
      }
    }
  }

  #add(path: string, value: Leaf['value']): void {
    if (this.#leaves.length >= MAX_LEAVES)
      throw this.refusal(path, `at most ${MAX_LEAVES} values in a call`, 'more');
    this.#leaves.push({ path, value });
  }

  #text(value: string, path: string): string {
    if (value.length <= MAX_TEXT) return value;
    throw this.refusal(path, `a text of at most ${MAX_TEXT} characters`, `one of ${value.length}`);
  }

  #tensor(value: Record<string, unknown>, path: string): UncheckedTensor {
    const stranger = Object.keys(value).find((name) => name !== 'shape' && name !== 'data');
    if (stranger !== undefined) {
      throw this.refusal(
        path,
        'a tensor of shape and data only',
        `one with ${JSON.stringify(shorten(stranger))} too`,
      );
    }
    const { shape, data } = value;
    if (!Array.isArray(shape)) throw this.refusal(`${path}.shape`, 'an array of dimensions', describe(shape));
    if (shape.length > MAX_RANK) {
      throw this.refusal(`${path}.shape`, `at most ${MAX_RANK} dimensions`, `${shape.length}`);
    }
    return { shape: Array.from<unknown>(shape), data: this.#typedArray(data, `${path}.data`) };
  }

  #typedArray(value: unknown, path: string): TypedArray {
    if (dtypeOf(value)) return value as TypedArray;
    throw this.refusal(path, TYPED_ARRAY, describe(value), Array.isArray(value) ? USE_TYPED_ARRAY : '');
  }
}

/** Written as a literal or parsed from JSON, in whatever realm; not an instance of a class, not an array. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The type name a typed array carries inside; neither a subclass nor another realm changes it. */
const typedArrayName = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)!.get!;

function dtypeOf(value: unknown): Dtype | undefined {
  switch (typedArrayName.call(value)) {
    case 'Float32Array':
      return 'float32';
    case 'Float64Array':
      return 'float64';
    case 'Int32Array':
      return 'int32';
    default:
      return undefined;
  }
}

function isDetached(data: TypedArray): boolean {
  try {
    // An iterator is refused where the buffer is gone; `length` would only say 0.
    data.values();
    return false;
  } catch {
    return true;
  }
}

/** What came, in words: 'the text "abc"', '7', 'an array of 3 items', 'a Uint8Array', 'a function'. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the text ${JSON.stringify(shorten(value))}`;
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'bigint':
      return 'a BigInt';
    case 'symbol':
    case 'function':
      return `a ${typeof value}`;
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `an array of ${value.length} items`;
      return `an object of type ${shorten(Object.prototype.toString.call(value).slice(8, -1))}`;
  }
}

function hintFor(value: unknown): string {
  if (value === null || value === undefined) return 'To leave an argument out, leave out its name.';
  return typeof value === 'bigint' ? 'Use Number(…).' : '';
}

/** A shape as Python writes a tuple: (4, 3), (3,), (). */
function inBrackets(dims: readonly number[]): string {
  return dims.length === 1 ? `(${dims[0]},)` : `(${dims.join(', ')})`;
}

function shorten(text: string): string {
  return text.length > MAX_NAME ? `${text.slice(0, MAX_NAME)}…` : text;
}
