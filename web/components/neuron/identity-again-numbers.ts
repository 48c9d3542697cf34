import { formatNumber } from '../format-number.ts';
import { type Client, linear, matrix, normals } from './neuron-data.ts';
import type { Settings } from './stops.ts';

const BATCH = 64;
export const STEPS = 200;
const SEED = 1;
/** What the examples are drawn from. */
const MEAN = 5;
const SPREAD = 3;

export interface Recovered {
  readonly gamma: readonly number[];
  readonly beta: readonly number[];
  /** Of all examples. */
  readonly mean: number;
  readonly std: number;
  readonly diverged: boolean;
}

/** γ and β learn to give back the numbers that were normalised, one new batch a step. */
export async function identityAgain(client: Client, { lr = 0.1, start = 1 }: Settings): Promise<Recovered> {
  const drawn = matrix(await normals(client, SEED, BATCH * STEPS), 1);
  const x = await linear(client, drawn, [[SPREAD]], [MEAN]);
  const [run, all] = await Promise.all([
    client.call('neuron_run', {
      x,
      target: x.data,
      weight: Float64Array.of(1),
      gamma: start,
      train_weight: false,
      batch_size: BATCH,
      steps: STEPS,
      lr,
    }),
    client.call('describe', { x }),
  ]);
  return {
    gamma: [...run.gamma.data],
    beta: [...run.beta.data],
    mean: all.mean.data[0]!,
    std: all.std.data[0]!,
    diverged: run.diverged,
  };
}

export function identityAgainSentence({ gamma, beta, mean, std, diverged }: Recovered): string {
  const steps = gamma.length - 1;
  return (
    `After ${steps} steps γ is ${formatNumber(gamma.at(-1)!)} and β is ${formatNumber(beta.at(-1)!)}` +
    `${diverged ? ', and the next step is beyond any number' : ''}. ` +
    `The examples have standard deviation ${formatNumber(std)} and mean ${formatNumber(mean)}.`
  );
}
