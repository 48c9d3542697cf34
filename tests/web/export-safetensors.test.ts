import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../../web/export/safetensors.ts';
import { setWeights, weightsFile, type WeightStore } from '../../web/export/weights.ts';
import { EngineError } from '../../web/protocol/engine-error.ts';
import type { Tensor, TypedArray } from '../../web/protocol/tensor.ts';

/** A file with this header, whatever it says. */
function fileOf(header: unknown, data: Uint8Array = new Uint8Array(), length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const entry = (dtype: unknown, shape: unknown, data_offsets: unknown) => ({ dtype, shape, data_offsets });

describe('the safetensors format', () => {
  it('is what the format says, byte for byte', () => {
    const file = writeSafetensors(new Map([['w', { shape: [1, 2], data: Float32Array.of(1, -2) }]]));
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))).toEqual({
      __metadata__: {},
      w: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] },
    });
    expect([...file.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  it('comes back as it went', () => {
    const number = fc.oneof(fc.float({ noNaN: true }), fc.constant(-0));
    const data = fc.oneof(
      fc.array(number).map((values) => Float32Array.from(values)),
      fc.array(fc.double()).map((values) => Float64Array.from(values)),
      fc.array(fc.integer()).map((values) => Int32Array.from(values)),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 20 }), data, { noNullPrototype: true }), (all) => {
        const entries = Object.entries(all).filter(([name]) => !name.startsWith('__'));
        const tensors = new Map(entries.map(([name, data]) => [name, { shape: [data.length], data }]));
        expect(readSafetensors(writeSafetensors(tensors))).toEqual(tensors);
      }),
    );
  });

  it('starts every tensor where its numbers may be mapped', () => {
    const tensors = new Map<string, StoredTensor>([
      ['bytes', { shape: [3], data: Uint8Array.of(1, 2, 3) }],
      ['float', { shape: [1], data: Float32Array.of(1) }],
      ['double', { shape: [], data: Float64Array.of(1) }],
    ]);
    const file = writeSafetensors(tensors);
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
    expect(header.double.data_offsets).toEqual([0, 8]);
    expect(header.float.data_offsets).toEqual([8, 12]);
    expect(header.bytes.data_offsets).toEqual([12, 15]);
  });

  it('reads half precision, bfloat16, and what PyTorch counts in 64 bits', () => {
    const data = new Uint8Array([
      0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0x00, 0x7c, // 1, −2, 2⁻²⁴, ∞
      0x80, 0x3f, 0x20, 0xc0, // 1, −2.5
      7, 0, 0, 0, 0, 0, 0, 0,
    ]); // prettier-ignore
    const read = readSafetensors(
      fileOf(
        {
          half: entry('F16', [4], [0, 8]),
          brain: entry('BF16', [2], [8, 12]),
          count: entry('I64', [], [12, 20]),
        },
        data,
      ),
    );
    expect([...read.get('half')!.data]).toEqual([1, -2, 2 ** -24, Infinity]);
    expect([...read.get('brain')!.data]).toEqual([1, -2.5]);
    expect(read.get('count')).toEqual({ shape: [], data: Int32Array.of(7) });
  });

  const two = new Uint8Array(8);
  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(), /expected a safetensors file; got 0 bytes/],
    ['a header longer than the file', fileOf('{}', two, 2n ** 40n), /header would have 1099511627776 bytes/],
    ['a header that is no JSON', fileOf('{"a": '), /whose header is JSON/],
    ['a header that is no UTF-8', fileOf('{"a": 1}').fill(0xff, 9, 11), /whose header is JSON/],
    ['a list', fileOf([1]), /a header that is a JSON object/],
    ['an entry that is no object', fileOf({ a: 5 }), /a as F64.*the dtype undefined/],
    ['a type of its own', fileOf({ a: entry('F8', [2], [0, 8]) }, two), /the dtype "F8"/],
    ['a type every object has', fileOf({ a: entry('constructor', [2], [0, 8]) }, two), /the dtype/],
    [
      'a negative extent',
      fileOf({ a: entry('F32', [-2], [0, 8]) }, two),
      /a shape of at most 8 whole numbers/,
    ],
    ['a shape that overflows', fileOf({ a: entry('F32', [2 ** 31, 2 ** 31], [0, 8]) }, two), /bytes for a/],
    [
      'offsets the wrong way round',
      fileOf({ a: entry('F32', [2], [8, 0]) }, two),
      /a start and an end for a/,
    ],
    ['an end behind the file', fileOf({ a: entry('F32', [4], [0, 16]) }, two), /behind the end of the file/],
    [
      'fewer bytes than its shape',
      fileOf({ a: entry('F32', [2], [0, 4]) }, two),
      /8 bytes for a, F32 of shape \(2\); got 4/,
    ],
    [
      'two tensors in one place',
      fileOf({ a: entry('F32', [2], [0, 8]), b: entry('F32', [2], [0, 8]) }, two),
      /one behind the other/,
    ],
    ['bytes nobody owns', fileOf({ a: entry('F32', [1], [4, 8]) }, two), /one behind the other/],
    [
      'bytes at the end',
      fileOf({ a: entry('F32', [1], [0, 4]) }, two),
      /4 bytes of tensors, as the header says; got 8/,
    ],
    [
      'a counter beyond 32 bits',
      fileOf({ a: entry('I64', [1], [0, 8]) }, new Uint8Array(8).fill(0x7f)),
      /whole numbers of 32 bits in a/,
    ],
    [
      'a name longer than any',
      fileOf({ ['n'.repeat(300)]: entry('F32', [2], [0, 8]) }, two),
      /names of at most/,
    ],
  ])('refuses %s', (_, file, message) => {
    expect(() => readSafetensors(file)).toThrow(EngineError);
    expect(() => readSafetensors(file)).toThrow(message);
  });

  it('survives any damage to a good file', () => {
    const good = writeSafetensors(
      new Map([['0.weight', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]]),
    );
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, value, end) => {
        const bad = good.slice(0, end);
        if (at < end) bad[at] = value;
        let thrown: unknown;
        try {
          readSafetensors(bad);
        } catch (error) {
          thrown = error;
        }
        expect([undefined, 'EngineError']).toContain((thrown as Error | undefined)?.name);
      }),
    );
  });
});

/** A model as far as its tensors go; refuses a negative variance as the engine does. */
class FakeModel implements WeightStore {
  readonly tensors = new Map<string, Tensor<TypedArray>>([
    ['0.weight', { shape: [2, 1], data: Float32Array.of(1, 2) }],
    ['1.running_var', { shape: [2], data: Float32Array.of(1, 1) }],
    ['1.num_batches_tracked', { shape: [], data: Int32Array.of(3) }],
  ]);
  readonly names = [...this.tensors.keys()];
  async get(name: string) {
    return this.tensors.get(name)!;
  }
  async set(name: string, value: Tensor<TypedArray>) {
    if (name === '1.running_var' && value.data.some((v) => v < 0))
      throw new EngineError({ message: 'negative' });
    this.tensors.set(name, value);
  }
}

function file(change: Record<string, StoredTensor | undefined> = {}): Uint8Array {
  const tensors: Record<string, StoredTensor | undefined> = {
    '0.weight': { shape: [2, 1], data: Float32Array.of(5, 6) },
    '1.running_var': { shape: [2], data: Float64Array.of(0.25, 4) },
    '1.num_batches_tracked': { shape: [], data: BigInt64Array.of(9n) },
    ...change,
  };
  return writeSafetensors(
    new Map(Object.entries(tensors).flatMap(([name, tensor]) => (tensor ? [[name, tensor]] : []))),
  );
}

describe('weights out and in', () => {
  it('go out as a state_dict and come back into the same model', async () => {
    const [from, to] = [new FakeModel(), new FakeModel()];
    from.tensors.set('0.weight', { shape: [2, 1], data: Float32Array.of(-7, 0.1) });
    await setWeights(to, await weightsFile(from));
    expect(to.tensors).toEqual(from.tensors);
  });

  it('take the type of the model', async () => {
    const model = new FakeModel();
    await setWeights(model, file());
    expect(model.tensors.get('1.running_var')).toEqual({ shape: [2], data: Float32Array.of(0.25, 4) });
    expect(model.tensors.get('1.num_batches_tracked')).toEqual({ shape: [], data: Int32Array.of(9) });
  });

  it.each<[string, Record<string, StoredTensor | undefined>, RegExp]>([
    ['a tensor is missing', { '1.running_var': undefined }, /a file without 1\.running_var/],
    ['one is unknown', { '9.bias': { shape: [1], data: Float32Array.of(1) } }, /a file with 9\.bias/],
    [
      'a shape differs',
      { '0.weight': { shape: [1, 2], data: Float32Array.of(5, 6) } },
      /the shape \(2, 1\); got \(1, 2\)/,
    ],
    [
      'a value is no number',
      { '0.weight': { shape: [2, 1], data: Float32Array.of(5, NaN) } },
      /NaN at index 1/,
    ],
    [
      'a value is too large for float32',
      { '0.weight': { shape: [2, 1], data: Float64Array.of(5, 1e60) } },
      /finite numbers; got 1e\+60/,
    ],
    [
      'weights are whole numbers',
      { '0.weight': { shape: [2, 1], data: Int32Array.of(5, 6) } },
      /floating-point numbers; got int32/,
    ],
    ['the model refuses one', { '1.running_var': { shape: [2], data: Float32Array.of(1, -1) } }, /negative/],
  ])('change nothing when %s', async (_, change, message) => {
    const model = new FakeModel();
    await expect(setWeights(model, file(change))).rejects.toThrow(message);
    expect(model.tensors).toEqual(new FakeModel().tensors);
  });
});
