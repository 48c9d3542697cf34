import type { EngineClient } from '../../client/engine-client.ts';
import { EngineError } from '../../protocol/engine-error.ts';
import { type Tensor, tensor } from '../../protocol/tensor.ts';

/** Normalisations that differ in what they average over; the number is how many groups the channels make. */
export const NORMALISATIONS = [
  { name: 'batch', label: 'BatchNorm', short: 'BN' },
  { name: 'layer', label: 'LayerNorm', short: 'LN' },
  { name: 'group', label: 'GroupNorm, two groups', short: 'GN' },
  { name: 'instance', label: 'InstanceNorm', short: 'IN' },
] as const;
export type Normalisation = (typeof NORMALISATIONS)[number]['name'];

export const CHANNELS = 4;
const GROUPS: Record<Exclude<Normalisation, 'batch'>, number> = { layer: 1, group: 2, instance: CHANNELS };

export interface BoxSettings {
  readonly norm: Normalisation;
  /** N. */
  readonly examples: number;
  /** Side of a channel's picture; H·W is its square. */
  readonly side: number;
  /** The value looked at. */
  readonly example: number;
  readonly channel: number;
}

export interface Box {
  /** (N, C, H·W): the values, and what becomes of them. */
  readonly x: Tensor<Float64Array>;
  /** Where nothing can be normalised, why not. */
  readonly normalised: Normalised | string;
  /** Which values have a say in x̂ of the one looked at: those with a gradient. */
  readonly heard: readonly boolean[];
  /** Place of the value looked at. */
  readonly place: number;
}

export interface Normalised {
  readonly xhat: Tensor<Float64Array>;
  /** What the value looked at is normalised by. */
  readonly mean: number;
  readonly std: number;
}

const SEED = 5;
const EPS = 1e-5;

/** Normalises a box of random values, and asks the gradient which of them the one looked at depends on. */
export async function normaliseBox(engine: Pick<EngineClient, 'call'>, settings: BoxSettings): Promise<Box> {
  const { norm, examples, side, example, channel } = settings;
  const pixels = side * side;
  const count = examples * CHANNELS * pixels;
  const shape = [examples, CHANNELS, side, side];
  const { values } = await engine.call('random', { seed: SEED, stream: 'data', kind: 'normal', count });
  const x = tensor(values.data, shape);
  const place = (example * CHANNELS + channel) * pixels;
  const dy = tensor(new Float64Array(count), shape);
  dy.data[place] = 1;
  if (norm === 'batch') {
    const single_value = 'show';
    const forward = await engine.call('batch_norm_forward', { x, eps: EPS, single_value });
    const { dx } = await engine.call('batch_norm_backward', { x, dy, eps: EPS, single_value });
    return boxOf(x, forward.xhat, dx, forward.mean.data[channel]!, forward.rstd.data[channel]!, place);
  }
  const groups = GROUPS[norm];
  try {
    const forward = await engine.call('group_norm_forward', { x, groups, eps: EPS });
    const { dx } = await engine.call('group_norm_backward', { x, dy, groups, eps: EPS });
    const group = example * groups + Math.floor((channel * groups) / CHANNELS);
    return boxOf(x, forward.xhat, dx, forward.mean.data[group]!, forward.rstd.data[group]!, place);
  } catch (error) {
    // One value alone is its own mean.
    if (!(error instanceof EngineError)) throw error;
    return { x, normalised: error.message, heard: Array.from(dy.data, (value) => value !== 0), place };
  }
}

function boxOf(
  x: Tensor<Float64Array>,
  xhat: Tensor,
  dx: Tensor,
  mean: number,
  rstd: number,
  place: number,
): Box {
  return {
    x,
    normalised: { xhat: tensor(Float64Array.from(xhat.data), xhat.shape), mean, std: 1 / rstd },
    heard: Array.from(dx.data, (value, at) => value !== 0 || at === place),
    place,
  };
}
