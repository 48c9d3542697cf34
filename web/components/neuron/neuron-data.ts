import type { EngineClient } from '../../client/engine-client.ts';
import type { FigureOperation } from '../../protocol/operations.ts';
import { tensor, type Tensor } from '../../protocol/tensor.ts';

export type Client = EngineClient<FigureOperation>;
type Values = Tensor<Float64Array>;

export const vector = (values: readonly number[]): Float64Array => Float64Array.from(values);
export const matrix = (values: Iterable<number>, columns: number): Values => {
  const data = Float64Array.from(values);
  return tensor(data, [data.length / columns, columns]);
};

/** So many standard normal numbers, the same every time. */
export async function normals(client: Client, seed: number, count: number): Promise<Float64Array> {
  const { values } = await client.call('random', { seed, stream: 'data', kind: 'normal', count });
  return values.data;
}

/** x·weightᵀ + bias; weight has a row for each result. */
export async function linear(
  client: Client,
  x: Values,
  weight: readonly (readonly number[])[],
  bias: readonly number[],
): Promise<Values> {
  const { y } = await client.call('linear_forward', {
    x,
    weight: matrix(weight.flat(), weight[0]!.length),
    bias: vector(bias),
  });
  return y as Values;
}
