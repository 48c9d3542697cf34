import type { TraceAxis } from '../../charts/trace-chart.ts';
import type { LabFrame, LabOpened } from '../../protocol/lab-session.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import type { Mode } from '../../protocol/vocabulary.ts';
import { sayFrozen } from './map-words.ts';
import { formatLoss } from './trace-lines.ts';
import { armName } from './words.ts';

/** Networks of one feature: their outputs along it. */
export interface Curve {
  arm: number;
  mode: Mode;
  points: { x: number; y: number }[];
}

/** One output of each model in each mode, over the range the outputs were computed on. */
export function curvesOf(
  frame: LabFrame | undefined,
  [from, to]: readonly [number, number],
  output: number,
): Curve[] {
  const curve = ({ data, shape: [count = 0, outputs = 1] }: Tensor<Float32Array>): Curve['points'] =>
    Array.from({ length: count }, (_, i) => ({
      x: from + (i / Math.max(1, count - 1)) * (to - from),
      y: data[i * outputs + output] as number,
    }));
  return (frame?.arms ?? []).flatMap(({ map }, arm) =>
    map ? (['training', 'inference'] as const).map((mode) => ({ arm, mode, points: curve(map[mode]) })) : [],
  );
}

/** The examples as points, where values are predicted; class numbers are no heights. */
export function examplePoints({ x, y }: LabOpened['train']): Curve['points'] {
  if (y.data instanceof Int32Array) return [];
  const outputs = y.shape[1] ?? 1;
  return Array.from({ length: x.shape[0] ?? 0 }, (_, i) => ({
    x: x.data[i] as number,
    y: y.data[i * outputs] as number,
  }));
}

/** Room for the examples with a third of their height above and below; without examples, for the curves. */
export function heightAxis(examples: readonly Curve['points'][], curves: readonly Curve[]): TraceAxis {
  const all = examples.some((points) => points.length > 0) ? examples : curves.map(({ points }) => points);
  let [low, high] = [Infinity, -Infinity];
  for (const points of all)
    for (const { y } of points) {
      if (!Number.isFinite(y)) continue;
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
  if (!(high > low)) [low, high] = Number.isFinite(low) ? [low - 1, low + 1] : [-1, 1];
  const room = (high - low) / 3;
  const unit = tickStep(high - low);
  return {
    min: Math.floor((low - room) / unit) * unit,
    max: Math.ceil((high + room) / unit) * unit,
    log: false,
  };
}

/** 1, 2 or 5 · 10ⁿ, a few of which make the height. */
function tickStep(height: number): number {
  const least = height / 5;
  const unit = 10 ** Math.floor(Math.log10(least));
  return unit * ([1, 2, 5].find((factor) => factor * unit >= least) ?? 10);
}

/** How far apart the modes are along the curve. */
export function sayCurves(curves: readonly Curve[], frame: LabFrame | undefined): string {
  return curves
    .filter(({ mode }) => mode === 'training')
    .map(({ arm, points }) => {
      const inference = curves.find((curve) => curve.arm === arm && curve.mode === 'inference');
      let [largest, at] = [0, NaN];
      points.forEach(({ x, y }, i) => {
        const apart = Math.abs(y - (inference?.points[i]?.y ?? NaN));
        if (apart > largest) [largest, at] = [apart, x];
      });
      const said =
        largest === 0
          ? 'is the same in both modes.'
          : `differs between the modes by up to ${formatLoss(largest)}, most at ${formatLoss(at)}.`;
      return `${armName(arm)}’s curve ${said}${sayFrozen(arm, frame)}`;
    })
    .join(' ');
}
