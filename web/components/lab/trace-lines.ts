import { decadeAbove, decadeBelow, roundUp } from '../../charts/round-axis.ts';
import type { TraceAxis } from '../../charts/trace-chart.ts';
import type { LabPoint, LabScore } from '../../protocol/lab-session.ts';
import type { Mode } from '../../protocol/vocabulary.ts';
import { formatFixed, formatNumber, numberToInput } from '../format-number.ts';
import { armName } from './words.ts';

/** The lines of the loss and accuracy charts: which there are, what they are called, their values and their axes. */

/** What is measured on: three sets, and the losses training itself saw, averaged since the point before. */
export type Measured = 'test' | 'train' | 'batch' | 'steps';
export type Quantity = 'loss' | 'accuracy';
export type Trace = readonly (readonly LabPoint[])[];

export interface Line {
  arm: number;
  measured: Measured;
  mode: Mode;
}

export const MEASURED: Record<Measured, string> = {
  test: 'test set',
  train: 'training set',
  batch: 'last batch',
  steps: 'batches since the last point',
};
export const MODES: Record<Mode, string> = { training: 'training mode', inference: 'inference mode' };

/** The token of a line's colour. */
export function lineColour({ mode }: Line): string {
  return mode === 'training' ? '--training-line' : '--inference';
}

export function lineName({ arm, measured, mode }: Line): string {
  return `${armName(arm)}, ${MEASURED[measured]}, ${MODES[mode]}`;
}

/** Every line there is for what is chosen. Training steps are made in training mode only. */
export function linesOf(
  arms: readonly number[],
  measured: readonly Measured[],
  modes: readonly Mode[],
): readonly Line[] {
  return measured.flatMap((one) =>
    arms.flatMap((arm) =>
      modes
        .filter((mode) => one !== 'steps' || mode === 'training')
        .map((mode) => ({ arm, measured: one, mode })),
    ),
  );
}

/** NaN where the point does not have it. */
export function valueOf(point: LabPoint, { measured, mode }: Line, quantity: Quantity): number {
  if (measured === 'steps') return quantity === 'loss' && mode === 'training' ? point.batchLoss : NaN;
  const score: LabScore | undefined = point[measured]?.[mode];
  return score?.[quantity] ?? NaN;
}

/** How far inference mode is above training mode. */
export function gapOf(point: LabPoint, line: Omit<Line, 'mode'>, quantity: Quantity): number {
  return (
    valueOf(point, { ...line, mode: 'inference' }, quantity) -
    valueOf(point, { ...line, mode: 'training' }, quantity)
  );
}

/** Only points with a number: one that is missing, or not finite, leaves no mark. */
export function places(
  points: readonly LabPoint[],
  value: (point: LabPoint) => number,
  logX: boolean,
): { x: number; y: number }[] {
  const found: { x: number; y: number }[] = [];
  for (const point of points) {
    const y = value(point);
    if (Number.isFinite(y) && !(logX && point.step < 1)) found.push({ x: point.step, y });
  }
  return found;
}

/** At least so many steps fit, so that the first few do not fill the chart. */
const LEAST_STEPS = 10;
/** A loss this many times the largest first one leaves a linear chart: one spike must not flatten the rest. */
const SPIKE = 4;

/** Every step at which any model was measured. */
export function stepsOf(trace: Trace): number[] {
  return [...new Set(trace.flatMap((points) => points.map(({ step }) => step)))].toSorted((a, b) => a - b);
}

export function stepAxis(trace: Trace, log: boolean): TraceAxis {
  const last = Math.max(LEAST_STEPS, ...trace.map((points) => points.at(-1)?.step ?? 0));
  return { min: log ? 1 : 0, max: roundUp(last), log };
}

/** `linear` is where the axis ends, or would end, without the log scale; `above`: values leave the chart there. */
export function lossAxis(
  lines: readonly { x: number; y: number }[][],
  log: boolean,
): TraceAxis & { linear: number; above: boolean } {
  let [lowest, highest, first] = [Infinity, 0, 0];
  for (const points of lines) {
    first = Math.max(first, points[0]?.y ?? 0);
    for (const { y } of points) {
      highest = Math.max(highest, y);
      if (y > 0) lowest = Math.min(lowest, y);
    }
  }
  if (highest === 0) return { min: log ? 0.1 : 0, max: 1, log, linear: 1, above: false };
  const linear = roundUp(first > 0 ? Math.min(highest, SPIKE * first) : highest);
  if (!log) return { min: 0, max: linear, log, linear, above: highest > linear };
  // Twelve decades are as many as a float32 loss has digits for, and more than a chart can show.
  const max = decadeAbove(highest);
  const min = Math.max(max * 1e-12, Math.min(decadeBelow(lowest), max / 10));
  return { min, max, log, linear, above: false };
}

/** Around 0, the same way up and down; a gap larger than `most` leaves the chart. */
export function gapAxis(lines: readonly { x: number; y: number }[][], most = Infinity): TraceAxis {
  let largest = 0;
  for (const points of lines) for (const { y } of points) largest = Math.max(largest, Math.abs(y));
  // Below this a gap is what rounding leaves of none.
  const max = roundUp(Math.max(Math.min(largest, most), 0.01));
  return { min: -max, max, log: false, step: max };
}

export function formatLoss(value: number): string {
  if (Number.isNaN(value)) return '–';
  const magnitude = Math.abs(value);
  return magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e4)
    ? formatNumber(Number(value.toPrecision(3)))
    : formatFixed(value, 4);
}

export function formatAccuracy(value: number): string {
  return Number.isNaN(value) ? '–' : `${formatFixed(value * 100, 1)} %`;
}

/** What adding up in another order makes of no gap at all. */
const DUST = 1e-9;

export function formatGap(gap: number, quantity: Quantity): string {
  const value = Math.abs(gap) < DUST ? 0 : gap;
  const text = quantity === 'loss' ? formatLoss(value) : formatAccuracy(value);
  return value > 0 ? `+${text}` : text;
}

/** A count of steps; from five digits on in groups of three. */
export function formatStep(step: number): string {
  const text = String(step);
  return text.length < 5 ? text : text.replaceAll(/(?=(\d{3})+$)/g, '\u202f').trim();
}

/** The number of an axis, short. */
export function formatTick(value: number): string {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e4 && magnitude < 1e7 && Number.isInteger(value)) return formatStep(value);
  if (magnitude >= 1e-3 && magnitude < 1e5) return numberToInput(value);
  return formatNumber(Number(value.toPrecision(3)));
}

/** Gaps in loss at or below this share of the loss are rounding: float32 has seven digits. */
const ROUNDING = 1e-5;

/** What came out so far, in a sentence or two for each model. */
export function conclusion(trace: Trace, diverged: readonly (number | undefined)[]): string {
  const said = trace.flatMap((points, arm) => {
    const point = points.at(-1);
    return point ? [sayArm(armName(arm), point, diverged[arm])] : [];
  });
  const at = Math.max(0, ...trace.map((points) => points.at(-1)?.step ?? 0));
  if (said.length === 0) return 'Nothing has been measured yet.';
  const set = trace.some((points) => points.at(-1)?.test) ? 'test' : 'training';
  const when =
    at === 0 ? 'Before the first step' : at === 1 ? 'After 1 step' : `After ${formatStep(at)} steps`;
  return `${when}, on the ${set} set: ${said.join(' ')}`;
}

function sayArm(name: string, point: LabPoint, diverged: number | undefined): string {
  const { training, inference } = point.test ?? point.train;
  const right = Number.isNaN(inference.accuracy) ? '' : ` and ${formatAccuracy(inference.accuracy)} right`;
  const end =
    diverged === undefined ? '' : ` It diverged at step ${formatStep(diverged)}, where its lines end.`;
  const score = `${name} has loss ${formatLoss(inference.loss)}${right} in inference mode`;
  return `${score}, ${sayGap(training, inference)}.${end}`;
}

function sayGap(training: LabScore, inference: LabScore): string {
  const gap = inference.loss - training.loss;
  if (!Number.isFinite(gap)) return 'and no loss that is a number in one of the modes';
  if (Math.abs(gap) <= ROUNDING * Math.max(training.loss, inference.loss))
    return 'and the same in training mode';
  const right = Number.isNaN(training.accuracy) ? '' : ` and ${formatAccuracy(training.accuracy)}`;
  return `against ${formatLoss(training.loss)}${right} in training mode`;
}
