import { EngineError } from '../protocol/engine-error.ts';
import type { Tensor, TypedArray } from '../protocol/tensor.ts';

/**
 * The safetensors format: eight bytes with the length of a JSON header, the header, then the tensors' bytes, all
 * little-endian. The header says of each tensor what it holds, its shape and where it lies. A file that comes from
 * outside is hostile until every line of that has been checked.
 */

/** What a file can hold of ours: besides the engine's types bytes, and the 64-bit counters of a state_dict. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: TypedArray | Uint8Array | BigInt64Array;
}

const MAX_HEADER = 4_000_000;
const MAX_TENSORS = 10_000;
const MAX_RANK = 8;
/** Room for whatever name a layer may have; longer ones are not read out in a sentence either. */
const MAX_NAME = 256;

const BYTES = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, U8: 1 } as const;
type Kind = keyof typeof BYTES;

function kindOf(data: StoredTensor['data']): Kind {
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof BigInt64Array) return 'I64';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

/** The file's bytes. Wide numbers come first, so that each tensor starts where a reader may map it. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const entries = [...tensors].map(([name, { shape, data }]) => ({ name, shape, data, kind: kindOf(data) }));
  const placed = entries.toSorted((a, b) => BYTES[b.kind] - BYTES[a.kind]);
  const offsets = new Map<string, [number, number]>();
  let end = 0;
  for (const { name, data } of placed) offsets.set(name, [end, (end += data.byteLength)]);

  const header = Object.fromEntries(
    entries.map(({ name, shape, kind }) => [name, { dtype: kind, shape, data_offsets: offsets.get(name) }]),
  );
  const text = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...header }));
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + end).fill(0x20, 0, 8 + length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  for (const { name, data } of placed) putValues(view, 8 + length + offsets.get(name)![0], data);
  return bytes;
}

function putValues(view: DataView, at: number, data: StoredTensor['data']): void {
  const width = data.BYTES_PER_ELEMENT;
  data.forEach((value: number | bigint, i: number) => {
    const place = at + i * width;
    if (typeof value === 'bigint') view.setBigInt64(place, value, true);
    else if (data instanceof Float64Array) view.setFloat64(place, value, true);
    else if (data instanceof Float32Array) view.setFloat32(place, value, true);
    else if (data instanceof Int32Array) view.setInt32(place, value, true);
    else view.setUint8(place, value);
  });
}

function refuse(expected: string, actual: string, hint?: string): EngineError {
  return new EngineError({ argument: 'safetensors', expected, actual, ...(hint && { hint }) });
}

/**
 * The tensors of a file: half precision becomes float32, whole numbers become int32. Throws an EngineError that says
 * what is wrong with a file that is not one, is damaged, or holds what no state_dict of ours could.
 */
export function readSafetensors(bytes: Uint8Array): Map<string, Tensor<TypedArray>> {
  if (bytes.length < 10) throw refuse('a safetensors file', `${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(Math.min(MAX_HEADER, bytes.length - 8))) {
    throw refuse('a safetensors file', `one whose header would have ${length} bytes`, 'It may be cut short.');
  }
  const start = 8 + Number(length);
  const header = readHeader(bytes.subarray(8, start));
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  if (entries.length > MAX_TENSORS) {
    throw refuse(`at most ${MAX_TENSORS} tensors`, String(entries.length));
  }
  const tensors = new Map<string, Tensor<TypedArray>>();
  const spans: [number, number][] = [];
  for (const [name, entry] of entries) {
    const { kind, shape, span } = readEntry(name, entry, bytes.length - start);
    spans.push(span);
    tensors.set(name, { shape, data: readValues(name, kind, view, start + span[0], start + span[1]) });
  }
  // No byte belongs to two tensors or to none: a file with such holes is not what its header says.
  let end = 0;
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (from !== end)
      throw refuse('tensors that lie one behind the other', `a gap or an overlap at byte ${end}`);
    end = to;
  }
  if (end !== bytes.length - start) {
    throw refuse(`${end} bytes of tensors, as the header says`, String(bytes.length - start));
  }
  return tensors;
}

function readHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refuse('a safetensors file, whose header is JSON', 'a header that is not');
  }
  if (!isObject(header)) throw refuse('a header that is a JSON object', 'another JSON value');
  return header;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Entry {
  kind: Kind;
  shape: readonly number[];
  span: [from: number, to: number];
}

function readEntry(name: string, entry: unknown, available: number): Entry {
  if (name.length > MAX_NAME) throw refuse(`names of at most ${MAX_NAME} characters`, String(name.length));
  const { dtype, shape, data_offsets: span } = isObject(entry) ? entry : {};
  if (typeof dtype !== 'string' || !Object.hasOwn(BYTES, dtype)) {
    throw refuse(`${name} as ${Object.keys(BYTES).join(', ')}`, `the dtype ${JSON.stringify(dtype)}`);
  }
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
  if (!Array.isArray(shape) || shape.length > MAX_RANK || !shape.every(isCount)) {
    throw refuse(
      `a shape of at most ${MAX_RANK} whole numbers for ${name}`,
      JSON.stringify(shape)?.slice(0, 80) ?? 'none',
    );
  }
  if (!Array.isArray(span) || span.length !== 2 || !span.every(isCount) || span[0]! > span[1]!) {
    throw refuse(`a start and an end for ${name}`, JSON.stringify(span)?.slice(0, 80) ?? 'none');
  }
  const kind = dtype as Kind;
  const [from, to] = span as [number, number];
  const wanted = shape.reduce((product, extent) => product * extent, BYTES[kind]);
  if (to > available || to - from !== wanted) {
    throw refuse(
      `${wanted} bytes for ${name}, ${dtype} of shape (${shape.join(', ')})`,
      to > available ? 'an end behind the end of the file' : String(to - from),
    );
  }
  return { kind, shape, span: [from, to] };
}

function readValues(name: string, kind: Kind, view: DataView, from: number, to: number): TypedArray {
  const width = BYTES[kind];
  const count = (to - from) / width;
  const at = (i: number) => from + i * width;
  switch (kind) {
    case 'F64':
      return Float64Array.from({ length: count }, (_, i) => view.getFloat64(at(i), true));
    case 'F32':
      return Float32Array.from({ length: count }, (_, i) => view.getFloat32(at(i), true));
    case 'F16':
      return Float32Array.from({ length: count }, (_, i) => half(view.getUint16(at(i), true)));
    case 'BF16':
      // bfloat16 is the upper half of a float32.
      return upperHalves(Uint32Array.from({ length: count }, (_, i) => view.getUint16(at(i), true) << 16));
    case 'I32':
      return Int32Array.from({ length: count }, (_, i) => view.getInt32(at(i), true));
    case 'U8':
      return Int32Array.from({ length: count }, (_, i) => view.getUint8(at(i)));
    case 'I64':
      return Int32Array.from({ length: count }, (_, i) => {
        const value = view.getBigInt64(at(i), true);
        if (BigInt.asIntN(32, value) !== value) {
          throw refuse(`whole numbers of 32 bits in ${name}`, String(value));
        }
        return Number(value);
      });
  }
}

function upperHalves(bits: Uint32Array<ArrayBuffer>): Float32Array {
  return new Float32Array(bits.buffer);
}

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
