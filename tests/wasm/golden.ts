import { readFileSync } from 'node:fs';
import { type Tensor, tensor } from '../../web/protocol/tensor.ts';

export const ARRAYS = { float32: Float32Array, float64: Float64Array, int32: Int32Array };
export type FloatType = 'float32' | 'float64';
export type Floats = Float32Array | Float64Array;

/** The reference values of a file in tests/golden, whose README describes the format. */
export class Golden {
  readonly #lines: ReadonlyMap<string, { dtype: string; shape: number[]; values: string[] }>;

  constructor(file: string) {
    const text = readFileSync(new URL(`../golden/${file}`, import.meta.url), 'utf8');
    this.#lines = new Map(
      Array.from(
        text.matchAll(/^([^#\s]\S*) (\w+) ([\dx]+) : (.*)$/gm),
        ([, name = '', dtype = '', dims = '', values = '']) => [
          name,
          { dtype, shape: dims.split('x').map(Number), values: values.split(' ') },
        ],
      ),
    );
  }

  get names(): string[] {
    return [...this.#lines.keys()];
  }

  has(name: string): boolean {
    return this.#lines.has(name);
  }

  #line(name: string) {
    const line = this.#lines.get(name);
    if (!line) throw new Error(`no reference value ${name}`);
    return line;
  }

  /** As `dtype`; inputs stand there as float64 and are rounded here. */
  floats<D extends FloatType>(
    name: string,
    dtype: D,
  ): Tensor<D extends 'float32' ? Float32Array : Float64Array> {
    const { shape, values } = this.#line(name);
    return tensor(ARRAYS[dtype].from(values.map(Number)) as never, shape);
  }

  int32(name: string): Tensor<Int32Array> {
    const { shape, values } = this.#line(name);
    return tensor(Int32Array.from(values, Number), shape);
  }

  number(name: string): number {
    return Number(this.#line(name).values[0]);
  }

  isInt32(name: string): boolean {
    return this.#line(name).dtype === 'int32';
  }
}
