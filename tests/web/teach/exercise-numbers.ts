import type { Engine } from '../../../wasm/engine.ts';
import { type Tensor, tensor } from '../../../web/protocol/tensor.ts';

/** What may stand in `{ones.dx.0|0.75}`: a number under a name, or more of them. */
export type Known = number | Tensor | readonly Known[] | { readonly [name: string]: Known | undefined };

const column = (...values: number[]) => tensor(Float64Array.from(values), [values.length, 1]);
const first = ({ data }: Tensor): number => data[0]!;

/** The batches and sums of the exercises, computed: by the engine what it can compute, the rest as the solution says it. */
export function exerciseNumbers(engine: Engine): Readonly<Record<string, Known>> {
  const walk = (
    x: readonly number[],
    gamma: number,
    beta: number,
    eps = 0,
    running: readonly [number, number] = [0, 1],
  ) =>
    engine.call('batch_norm_walk', {
      x: column(...x),
      gamma: Float64Array.of(gamma),
      beta: Float64Array.of(beta),
      // The exercises say ε = 0; the engine divides by a root that must not be 0.
      eps: eps || 1e-12,
      running_mean: Float64Array.of(running[0]),
      running_var: Float64Array.of(running[1]),
      dy: column(1, ...x.slice(1).map(() => 0)),
      lr: 0.1,
    });
  const feed = (batches: readonly { mean: Tensor; var: Tensor }[]) =>
    engine.call('running_statistics', {
      mean: column(...batches.map(({ mean }) => first(mean))),
      var: column(...batches.map((batch) => first(batch.var))),
      count: new Float64Array(batches.length).fill(4),
      initial_mean: Float64Array.of(0),
      initial_var: Float64Array.of(1),
      momentum: 0.1,
    });

  const we = walk([2, 4, 6, 8], 2, 0.5, 1e-5);
  const ones = walk([1, 1, 5, 5], 3, -1);
  const fedOnce = feed([ones]);
  const fedTwice = feed([we, ones]);
  const diary = [fedOnce.running_mean.data[1]!, fedOnce.running_var.data[1]!] as const;
  const box = { N: 2, C: 32, pixels: 8 * 8, groups: 8 };
  const all = box.N * box.C * box.pixels;
  const shared = (values: number) => ({ values, means: all / values });
  const reluSquare = Math.PI / (Math.PI - 1);
  const reluVariance = 1 / 2 - 1 / (2 * Math.PI);
  const dropped = (p: number) => reluVariance + p / (1 - p) / 2;
  const slope = (w: number) => 4 * w * (w ** 2 - 1) + 0.3;
  const turn = (rate: number, decay: number) => Math.sqrt(2 * rate * decay);
  const forgotten = (k: number) => Math.ceil(Math.log(0.01) / Math.log(1 - k));

  return {
    we,
    far: walk([2, 4, 6, 80], 2, 0.5, 1e-5),
    farther: walk([2, 4, 6, 800], 2, 0.5, 1e-5),
    ones,
    moved: walk([1, 1, 5, 9], 3, -1),
    line: { beta: -1 - first(ones.factor) * first(ones.mean) },
    six: walk([6, 2, 6, 10], 1.5, 2),
    alone: walk([0, 0, 0, 4], 1, 0),
    fed: {
      ones: {
        mean: diary[0],
        var: diary[1],
        y: walk([1, 1, 5, 5], 3, -1, 1e-5, diary).y_inference.data[3]!,
      },
      two: { mean: fedTwice.running_mean, var: fedTwice.running_var },
    },
    step: { length: Math.hypot(5, 0.5 * 2), rate: 0.5 / 25, rate_doubled: 0.5 / 100 },
    count: { kept: Math.ceil(1000 / 32), dropped: Math.floor(1000 / 32), rest: 1000 % 32 },
    poll: {
      sixteen: 204 / 16,
      sixtyfour: 204 / 64,
      factor: (240 - 16) / (240 - 1),
      without: (204 / 16) * ((240 - 16) / (240 - 1)),
    },
    hill: {
      low: slope(1 / Math.sqrt(3)),
      high: slope(-1 / Math.sqrt(3)),
      batch: Math.ceil((4 / slope(1 / Math.sqrt(3))) ** 2),
    },
    forget: {
      fast: forgotten(0.1),
      slow: forgotten(0.01),
      epoch: Math.ceil(forgotten(0.01) / 94),
    },
    bessel: { eight: 8 / 7, sixtyfour: 64 / 63 },
    last: { cure: 1025 / 25 },
    cosine: 1 / Math.PI,
    growth: Math.sqrt(reluSquare),
    whisper: { sigma: Math.sqrt(2 / 128), ten: 1.5 ** 10 },
    relu: {
      mean: 1 / Math.sqrt(2 * Math.PI),
      var: reluVariance,
      square: reluSquare,
      ten: Math.sqrt(reluSquare) ** 10,
    },
    sigmoid: { ten: 0.25 ** 10 },
    chain: {
      promise: 1 - 5 * 0.2,
      second: 1 - 5 * 0.2 + 10 * 0.2 ** 2,
      actual: 0.8 ** 5,
      terms: (5 * 4) / 2,
    },
    shift: { relative: Math.hypot(3, -1) / 5, cosine: (4 * 5) / (5 * 5) },
    dropped: {
      var: reluVariance,
      light: dropped(0.2),
      light_ratio: reluVariance / dropped(0.2),
      heavy: dropped(0.5),
      heavy_ratio: reluVariance / dropped(0.5),
    },
    turn: { usual: turn(0.1, 0.0005), halved: turn(0.05, 0.0005), time: 1 / (0.1 * 0.0005) },
    box: {
      all,
      batch: shared(box.N * box.pixels),
      layer: shared(box.C * box.pixels),
      group: shared((box.C / box.groups) * box.pixels),
      instance: shared(box.pixels),
    },
    merge: {
      first: statistics(walk([2, 4], 1, 0)),
      second: statistics(walk([6, 8], 1, 0)),
    },
    off: Object.fromEntries(
      Object.entries({ four: 4, sixteen: 16, picture: 144 }).map(([name, m]) => [
        name,
        100 * Math.sqrt(2 / m),
      ]),
    ),
  };
}

const statistics = (walked: { mean: Tensor; var: Tensor }) => ({
  mean: first(walked.mean),
  var: first(walked.var),
});
