import { addStep } from '../format-number.ts';

/** A stretch of the number line with round ends and round ticks. */
export interface NumberScale {
  min: number;
  max: number;
  ticks: readonly number[];
}

function roundStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

/** Room for all the values, with a little air at both ends. */
export function scaleFor(values: readonly number[], count = 8): NumberScale {
  const finite = values.filter(Number.isFinite);
  let min = Math.min(...finite);
  let max = Math.max(...finite);
  if (finite.length === 0) [min, max] = [0, 1];
  const least = Math.max(1e-6, Math.abs(max) * 1e-3);
  if (max - min < least) [min, max] = [min - Math.max(1, least), max + Math.max(1, least)];
  const air = (max - min) * 0.06;
  const step = roundStep(max - min + 2 * air, count);
  const first = Math.floor((min - air) / step);
  const last = Math.ceil((max + air) / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => addStep((first + at) * step, 0));
  return { min: first * step, max: last * step, ticks };
}

/** Where a value stands, from 0 at the left end to 1 at the right. */
export function placeOn({ min, max }: NumberScale, value: number): number {
  return (value - min) / (max - min);
}

/**
 * One scale for all lines, so that shifting and stretching can be seen, as long as the closest of them still has room on
 * it; else x gets a scale of its own.
 */
export function scalesFor(
  x: readonly number[],
  others: readonly number[],
): { x: NumberScale; others: NumberScale; shared: boolean } {
  const span = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
  const narrow = Math.min(...[span(x), span(others)].filter((width) => width > 0), Infinity);
  const all = [...x, ...others];
  const shared = span(all) <= (narrow === Infinity ? 20 : 8 * narrow);
  return shared
    ? { x: scaleFor(all), others: scaleFor(all), shared }
    : { x: scaleFor(x), others: scaleFor(others), shared };
}

/** How many values fall into each of `count` equal bins of their own range. */
export function binsOf(
  values: readonly number[],
  count: number,
): { from: number; to: number; count: number }[] {
  const min = Math.min(...values);
  const max = Math.max(...values);
  if (!(max > min)) return [{ from: min, to: max, count: values.length }];
  // Parts of the range, not steps of one width: a width of the smallest numbers there are would round to nothing.
  const range = max - min;
  const bins = Array.from({ length: count }, (_, at) => ({
    from: min + (at / count) * range,
    to: min + ((at + 1) / count) * range,
    count: 0,
  }));
  for (const value of values) {
    const bin = bins[Math.min(count - 1, Math.floor(((value - min) / range) * count))];
    if (bin) bin.count++;
  }
  return bins;
}
