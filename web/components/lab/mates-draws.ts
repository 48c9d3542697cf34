import { margin, predictedClass, rowOf } from '../../charts/predictions.ts';
import { roundUp } from '../../charts/round-axis.ts';
import { sharedClient } from '../../client/engine-client.ts';
import type { Lab } from '../../client/lab.ts';
import type { LabOpened } from '../../protocol/lab-session.ts';
import { type Tensor, tensor } from '../../protocol/tensor.ts';
import type { LossKind, Mode } from '../../protocol/vocabulary.ts';
import { formatLoss } from './trace-lines.ts';
import { armName, listed } from './words.ts';

/** What one model says of the example: `value` is its margin or, where values are predicted, its output. */
export interface Said {
  value: number;
  label: number | undefined;
}

/** One draw of batch-mates, and what each model says of the example among them. */
export interface Draw {
  seed: number;
  mates: readonly number[];
  arms: readonly Record<Mode, Said>[];
}

/** The batch-mates a permutation gives: its first `count` that are not the example itself. */
export function matesOf(permutation: ArrayLike<number>, example: number, count: number): number[] {
  return Array.from(permutation)
    .filter((one) => one !== example)
    .slice(0, count);
}

/** Draws batch-mates by the engine's random stream, and asks each model in both modes; the weights stay as they are. */
export async function drawMates(lab: Lab, example: number, size: number, seed: number): Promise<Draw> {
  const { opened, setup } = lab;
  if (!opened || !setup) throw new Error('There are no models yet.');
  const { x } = opened.train;
  const engine = await sharedClient();
  const { values } = await engine.call('random', {
    seed,
    stream: 'order',
    kind: 'permutation',
    count: x.shape[0] ?? 0,
  });
  const mates = matesOf(values.data, example, size - 1);
  const batch = rowsOf(x, [example, ...mates]);
  const arms = setup.arms.map(async ({ dtype, loss }, arm) => {
    const exact = dtype === 'float64' ? tensor(Float64Array.from(batch.data), batch.shape) : batch;
    const [training, inference] = await Promise.all(
      (['training', 'inference'] as const).map((mode) => lab.call(arm, 'model_evaluate', { mode, x: exact })),
    );
    const said = (result: typeof training) =>
      say(rowOf(result?.output ?? tensor(new Float32Array(), [1, 0]), 0), loss, labelOf(opened, example));
    return { training: said(training), inference: said(inference) };
  });
  return { seed, mates, arms: await Promise.all(arms) };
}

/** The example's class, or undefined where values are predicted. */
export function labelOf({ train }: LabOpened, example: number): number | undefined {
  return train.y.data instanceof Int32Array ? train.y.data[example] : undefined;
}

export function say(outputs: ArrayLike<number>, loss: LossKind, label: number | undefined): Said {
  return label === undefined
    ? { value: outputs[0] ?? NaN, label: undefined }
    : { value: margin(outputs, label, loss), label: predictedClass(outputs, loss) };
}

function rowsOf({ data, shape }: Tensor<Float32Array>, rows: readonly number[]): Tensor<Float32Array> {
  const width = shape[1] ?? 1;
  const picked = new Float32Array(rows.length * width);
  rows.forEach((row, i) => picked.set(data.subarray(row * width, (row + 1) * width), i * width));
  return tensor(picked, [rows.length, width]);
}

/** How far and how often a model's prediction moved. */
export function sayDraws(draws: readonly Draw[], arm: number, names: (label: number) => string): string {
  const said = draws.flatMap(({ arms }) => arms[arm] ?? []);
  const [first] = said;
  if (!first) return '';
  const name = armName(arm);
  const what = first.training.label === undefined ? 'output' : 'margin';
  const values = said.map(({ training }) => training.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const lost = values.filter((value) => !Number.isFinite(value)).length;
  if (lost > 0)
    return `${name}’s ${what} in training mode is no finite number${said.length === 1 ? '' : ` in ${lost} of ${said.length} draws`}, and ${formatLoss(first.inference.value)} in inference mode: its weights have grown too large.`;
  const still = said.every(({ inference }) => Object.is(inference.value, first.inference.value));
  const inference = still ? `stays at ${formatLoss(first.inference.value)}` : 'moves too';
  if (low === high)
    return said.length === 1
      ? `${name}’s ${what} is ${formatLoss(low)} in training mode, among these batch-mates, and ${formatLoss(first.inference.value)} in inference mode.`
      : `${name}’s ${what} is ${formatLoss(low)} whoever the batch-mates are, and ${formatLoss(first.inference.value)} in inference mode.`;
  return `${name}’s ${what} moves between ${formatLoss(low)} and ${formatLoss(high)} in training mode${flips(said, names)}; in inference mode it ${inference}.`;
}

/** Which classes were predicted, and how often. */
function flips(said: Draw['arms'], names: (label: number) => string): string {
  const counts = new Map<number, number>();
  for (const { training } of said)
    if (training.label !== undefined) counts.set(training.label, (counts.get(training.label) ?? 0) + 1);
  if (counts.size === 0) return '';
  const most = [...counts].toSorted(([, one], [, other]) => other - one);
  const [top] = most;
  if (most.length === 1 && top) return ` and the prediction is ${names(top[0])} every time`;
  return ` and the prediction is ${listed(most.map(([label, count]) => `${names(label)} in ${count} draws`)).replaceAll('in 1 draws', 'in 1 draw')}`;
}

export interface Strip {
  min: number;
  max: number;
  /** From 0 to 1 across, and the place in its pile, from 0. */
  dots: readonly { x: number; level: number }[];
}

/** Dots fall into so many piles. */
const PILES = 80;

/** The finite values of all draws on an axis with round ends around 0, those close together piled up. */
export function pile(values: readonly number[], others: readonly number[]): Strip {
  const largest = Math.max(0.1, ...[...values, ...others].filter(Number.isFinite).map(Math.abs));
  const max = roundUp(largest * 1.05);
  const piles = new Map<number, number>();
  return {
    min: -max,
    max,
    dots: values.filter(Number.isFinite).map((value) => {
      const x = (value + max) / (2 * max);
      const at = Math.round(x * PILES);
      const level = piles.get(at) ?? 0;
      piles.set(at, level + 1);
      return { x, level };
    }),
  };
}
