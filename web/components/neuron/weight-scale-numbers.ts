import type { ResultOf } from '../../protocol/operations.ts';
import { formatNumber } from '../format-number.ts';
import { type Client, matrix, vector } from './neuron-data.ts';
import type { Settings } from './stops.ts';

export type Run = ResultOf<'neuron_run'>;
/** The neuron as it was, and as it is set. */
export interface Pair {
  readonly before: Run;
  readonly now: Run;
}

/** Six examples with two inputs each; the neuron should answer 1 to three of them and −1 to the others. */
export const EXAMPLES = [
  [-1.2, -0.4],
  [-0.6, 0.9],
  [0.1, -1.1],
  [0.5, 0.6],
  [0.9, -0.3],
  [1.3, 1.3],
] as const;
export const TARGETS = [-1, 1, -1, 1, -1, 1] as const;
export const WEIGHT = [0.8, 0.6] as const;
export const LEARNING_RATE = 0.5;

export const FIRST = { a: 1, bias: 0, gamma: 1 };

/** One step of the neuron with weights aw, and with w. */
export async function weightScale(client: Client, { a = 1, bias = 0, gamma = 1 }: Settings): Promise<Pair> {
  const run = (settings: typeof FIRST) =>
    client.call('neuron_run', {
      x: matrix(EXAMPLES.flat(), 2),
      target: vector(TARGETS),
      weight: vector(WEIGHT.map((w) => settings.a * w)),
      bias: settings.bias,
      gamma: settings.gamma,
      lr: LEARNING_RATE,
    });
  const [before, now] = await Promise.all([run(FIRST), run({ a, bias, gamma })]);
  return { before, now };
}

export const at = (values: { data: Float64Array }, index = 0): number => values.data[index]!;

export function weightScaleSentence({ before, now }: Pair, { a = 1, bias = 0, gamma = 1 }: Settings): string {
  const [was, is] = [before, now].map((run) => formatNumber(at(run.gradient_norm)));
  const [turned, turns] = [before, now].map((run) => formatNumber(at(run.turn)));
  const u = [
    a === 1 ? undefined : `${formatNumber(a)} times what it was`,
    bias === 0 ? undefined : `moved by ${formatNumber(bias)}`,
  ].filter((text) => text !== undefined);
  const outputs =
    a < 0 && gamma < 0
      ? 'x̂ is mirrored, γ mirrors it back, and the outputs y are what they were'
      : a < 0
        ? 'x̂ is mirrored, and with it y'
        : gamma < 0
          ? 'x̂ stays, and γ mirrors y'
          : 'x̂ and y stay where they were';
  return (
    `Each u is ${u.join(' and ') || 'what it was'}; ${outputs}. ` +
    `The gradient of the weights has length ${is}, and for w ${was}; one step turns their direction by ${turns}, and for w by ${turned}.`
  );
}
