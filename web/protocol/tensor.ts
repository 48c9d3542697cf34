/** The three element types the engine computes with; a typed array says which one it is. */
export type TypedArray = Float32Array | Float64Array | Int32Array;

export type Dtype = 'float32' | 'float64' | 'int32';

/** A dense array in row-major order; `data.length` is the product of `shape`. */
export interface Tensor<A extends TypedArray = TypedArray> {
  readonly shape: readonly number[];
  readonly data: A;
}

export function tensor<A extends TypedArray>(data: A, shape: readonly number[] = [data.length]): Tensor<A> {
  return { shape, data };
}

/** What an operation takes: leaves, and plain objects or arrays of them. A bare typed array is a vector. */
export type Argument =
  | number
  | boolean
  | string
  | TypedArray
  | Tensor
  | readonly Argument[]
  | { readonly [name: string]: Argument | undefined };

/** What an operation returns: named leaves. */
export type Result = number | boolean | string | Tensor;
