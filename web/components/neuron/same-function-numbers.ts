import { tensor } from '../../protocol/tensor.ts';
import { formatNumber } from '../format-number.ts';
import { type Client, linear, matrix, normals, vector } from './neuron-data.ts';
import type { Settings } from './stops.ts';

const COUNT = 64;
const SEED = 3;
export const STEPS = 60;
const WEIGHT = [0.3, 0.9];
/** Losses beyond this leave the chart. */
export const MOST = 1000;

export interface TwoRuns {
  /** Of γ and β after normalising, and of γ′ and β′ without: the loss after 0, 1, 2, … steps. */
  readonly normalised: readonly number[];
  readonly plain: readonly number[];
  readonly plainDiverged: boolean;
  readonly normalisedDiverged: boolean;
  readonly gamma: number;
  readonly beta: number;
}

/** One neuron that normalises, and one that begins as the same function without; the same data, batch and learning rate. */
export async function sameFunction(
  client: Client,
  { lr = 0.1, scale = 1, shift = 0 }: Settings,
): Promise<TwoRuns> {
  const drawn = matrix(await normals(client, SEED, 3 * COUNT), 3);
  // The first two columns are the inputs, as they are measured; the third is what the target cannot be told from.
  const x = await linear(client, drawn, [[scale, 0, 0], [0, scale, 0]], [shift, shift]); // prettier-ignore
  const target = (await linear(client, drawn, [[1.5, -0.5, 0.3]], [0])).data;
  const u = await linear(client, x, [WEIGHT], [0]);
  const { mean, var: variance } = await client.call('batch_norm_forward', { x: u });
  // What batch normalization does to this batch, as one straight line: γ′ and β′.
  const line = await client.call('batch_norm_fold', {
    weight: tensor(Float64Array.of(1), [1, 1]),
    running_mean: mean,
    running_var: variance,
  });
  const [gamma, beta] = [line.weight.data[0]!, line.bias.data[0]!];
  const run = (norm: 'batch' | 'none', start: { gamma: number; beta: number }) =>
    client.call('neuron_run', { x, target, weight: vector(WEIGHT), norm, lr, steps: STEPS, ...start });
  const [normalised, plain] = await Promise.all([
    run('batch', { gamma: 1, beta: 0 }),
    run('none', { gamma, beta }),
  ]);
  return {
    normalised: [...normalised.loss.data],
    plain: [...plain.loss.data],
    plainDiverged: plain.diverged,
    normalisedDiverged: normalised.diverged,
    gamma,
    beta,
  };
}

export function sameFunctionSentence({ normalised, plain, plainDiverged }: TwoRuns): string {
  const last = (losses: readonly number[]) => formatNumber(losses.at(-1)!);
  const beyond = plain.findIndex((loss) => loss > MOST);
  const left = beyond < 0 ? plain.length : beyond;
  const came = plainDiverged
    ? `that of γ′ and β′ passes ${formatNumber(MOST)} at step ${left} and is beyond any number at step ${plain.length}`
    : `that of γ′ and β′ is ${last(plain)}`;
  return (
    `Before the first step both have the loss ${formatNumber(normalised[0]!)}. ` +
    `After ${STEPS} steps that of γ and β is ${last(normalised)}; ${came}.`
  );
}
