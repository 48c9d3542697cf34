import type { ResultOf } from '../../protocol/operations.ts';
import { formatFixed } from '../format-number.ts';
import { type Client, linear, matrix, normals } from './neuron-data.ts';
import type { Settings } from './stops.ts';

const INPUTS = 10;
const BATCH = 16;
const BATCHES = 60;
const SEED = 1;
export const STEPS = 1500;
/** How long the weights are at first, times what they were drawn as. */
export const STARTS = [0.3, 1, 3] as const;

export type Run = ResultOf<'neuron_run'>;

/** The same neuron from three lengths of its weights; its target is one input, and noise it cannot learn. */
export async function normBalance(client: Client, { lr = 0.3, decay = 0 }: Settings): Promise<Run[]> {
  const drawn = matrix(await normals(client, SEED, BATCH * BATCHES * (INPUTS + 1)), INPUTS + 1);
  const row = (...places: readonly number[]) =>
    Array.from({ length: INPUTS + 1 }, (_, at) => (places.includes(at) ? 1 : 0));
  const x = await linear(client, drawn, Array.from({ length: INPUTS }, (_, at) => row(at)), Array(INPUTS).fill(0)); // prettier-ignore
  const target = (await linear(client, drawn, [row(0, INPUTS)], [0])).data;
  const direction = matrix(await normals(client, SEED + 1, INPUTS), INPUTS);
  const { weight_norm } = await client.call('neuron_run', {
    x,
    target,
    weight: direction.data,
    steps: 0,
    lr,
  });
  const length = weight_norm.data[0]!;
  return Promise.all(
    STARTS.map((start) =>
      client.call('neuron_run', {
        x,
        target,
        weight: direction.data.map((w) => (start * w) / length),
        batch_size: BATCH,
        steps: STEPS,
        lr,
        weight_decay: decay,
      }),
    ),
  );
}

export function normBalanceSentence(runs: readonly Run[], { decay }: Settings): string {
  const lengths = listed(runs.map(({ weight_norm }) => formatFixed(weight_norm.data.at(-1)!, 2)));
  const turns = listed(runs.map(({ turn_rms }) => formatFixed(turn_rms, 4)));
  return (
    `After ${STEPS} steps the lengths are ${lengths}. In the second half a step turned the weights by ${turns}; ` +
    (decay === 0
      ? 'with nothing to make them shorter, that goes on falling.'
      : `√(2ηλ) is ${formatFixed(runs[0]!.turn_in_balance, 4)}.`)
  );
}

const listed = (texts: readonly string[]): string => `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
