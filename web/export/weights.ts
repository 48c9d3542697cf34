import { EngineError } from '../protocol/engine-error.ts';
import type { Dtype, Tensor, TypedArray } from '../protocol/tensor.ts';
import { readSafetensors, type StoredTensor, writeSafetensors } from './safetensors.ts';

/** A model's tensors by their state_dict names, however the model is reached. */
export interface WeightStore {
  /** In state_dict order. */
  names: readonly string[];
  get(name: string): Promise<Tensor<TypedArray>>;
  set(name: string, value: Tensor<TypedArray>): Promise<unknown>;
}

/** Tensors as a file that `safetensors.torch.load_file` and `model.load_state_dict` take as they are. */
export async function weightsFile(store: WeightStore): Promise<Uint8Array<ArrayBuffer>> {
  const tensors = new Map<string, StoredTensor>();
  for (const name of store.names) {
    // oxlint-disable-next-line no-await-in-loop -- one model answers one question at a time
    const { shape, data } = await store.get(name);
    tensors.set(name, { shape, data: data instanceof Int32Array ? BigInt64Array.from(data, BigInt) : data });
  }
  return writeSafetensors(tensors, { format: 'pt' });
}

/**
 * Puts a file's tensors into a model. Names, shapes and values are checked before the first is set, and if the model
 * refuses one all the same, those set before it get their old values back: after an error nothing has changed.
 */
export async function setWeights(store: WeightStore, bytes: Uint8Array): Promise<void> {
  const given = readSafetensors(bytes);
  checkNames(store.names, [...given.keys()]);
  const before = new Map<string, Tensor<TypedArray>>();
  const after = new Map<string, Tensor<TypedArray>>();
  for (const name of store.names) {
    // oxlint-disable-next-line no-await-in-loop -- one model answers one question at a time
    const own = await store.get(name);
    before.set(name, own);
    after.set(name, converted(name, given.get(name)!, own));
  }
  const done: string[] = [];
  try {
    for (const [name, value] of after) {
      done.push(name);
      // oxlint-disable-next-line no-await-in-loop -- in order, so that it is known which were set
      await store.set(name, value);
    }
  } catch (error) {
    done.pop();
    await Promise.all(done.map((name) => store.set(name, before.get(name)!)));
    throw error;
  }
}

function checkNames(wanted: readonly string[], given: readonly string[]): void {
  const missing = wanted.filter((name) => !given.includes(name));
  const unknown = given.filter((name) => !wanted.includes(name));
  if (missing.length === 0 && unknown.length === 0) return;
  const some = (names: readonly string[]) =>
    names.slice(0, 4).join(', ') + (names.length > 4 ? `, … (${names.length} in all)` : '');
  throw new EngineError({
    argument: 'safetensors',
    expected: `the tensors of this network, ${some(wanted)}`,
    actual: [
      missing.length > 0 && `a file without ${some(missing)}`,
      unknown.length > 0 && `${missing.length > 0 ? '' : 'a file '}with ${some(unknown)}`,
    ]
      .filter(Boolean)
      .join(' but '),
    hint: 'Weights fit the network they were saved from.',
  });
}

/** The tensor in the model's own type, if it can be one. */
function converted(name: string, tensor: Tensor<TypedArray>, own: Tensor<TypedArray>): Tensor<TypedArray> {
  const refuse = (expected: string, actual: string) => new EngineError({ argument: name, expected, actual });
  const shapeText = (shape: readonly number[]) =>
    shape.length === 0 ? 'one value' : `(${shape.join(', ')})`;
  if (shapeText(tensor.shape) !== shapeText(own.shape)) {
    throw refuse(`the shape ${shapeText(own.shape)}`, shapeText(tensor.shape));
  }
  if (own.data instanceof Int32Array !== tensor.data instanceof Int32Array) {
    throw refuse(
      own.data instanceof Int32Array ? 'whole numbers' : 'floating-point numbers',
      dtypeOf(tensor),
    );
  }
  const data = new (own.data.constructor as new (values: ArrayLike<number>) => TypedArray)(tensor.data);
  const notFinite = data.findIndex((value) => !Number.isFinite(value));
  if (notFinite >= 0) throw refuse('finite numbers', `${tensor.data[notFinite]} at index ${notFinite}`);
  return { shape: own.shape, data };
}

function dtypeOf({ data }: Tensor<TypedArray>): Dtype {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Float64Array ? 'float64' : 'int32';
}
