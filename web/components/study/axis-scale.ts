/** Where values lie on an axis: 0 at its start, 1 at its end. What lies beyond is drawn at the end. */
export interface AxisScale {
  readonly log: boolean;
  place(value: number): number;
  readonly ticks: readonly number[];
}

/**
 * An axis on which all these values have room; one of share 0.2 does not look like one of share 1. The ends of their
 * intervals have room too, as far as they do not make the values themselves a dot in the distance.
 */
export function axisScale(
  values: readonly number[],
  log: boolean,
  { ends = [], most = 5 }: { ends?: readonly (number | null | undefined)[]; most?: number } = {},
): AxisScale {
  const usable = (value: number) => Number.isFinite(value) && (!log || (value >= LEAST && value <= MOST));
  const shown = values.filter(usable);
  const least = Math.min(...shown);
  const greatest = Math.max(...shown);
  const reach = (greatest - least) / 2 || Math.abs(greatest) / 2 || 1;
  const [low, high] = log ? [least / 10, greatest * 10] : [least - reach, greatest + reach];
  const within = ends
    .filter((end): end is number => typeof end === 'number' && !Number.isNaN(end))
    .map((end) => Math.min(high, Math.max(low, end)))
    .filter(usable);
  const all = [...shown, ...within];
  // Within a factor of three there are no round powers, and a straight axis looks the same.
  const narrow = log && all.length > 0 && Math.max(...all) < 3 * Math.min(...all);
  return log && !narrow ? logScale(all, most) : linearScale(all, most, !narrow);
}

/** Beyond these a decade more could not be written any more. */
const [LEAST, MOST] = [1e-300, 1e300];

function linearScale(values: readonly number[], most: number, zero: boolean): AxisScale {
  let least = values.length > 0 ? Math.min(...values) : 0;
  let greatest = values.length > 0 ? Math.max(...values) : 1;
  // Zero is part of the picture, unless it would make everything else a dot in the distance.
  if (zero && least > 0 && least < 0.7 * greatest) least = 0;
  if (greatest < 0 && greatest > 0.7 * least) greatest = 0;
  if (least === greatest) {
    const room = Math.abs(least) / 10 || 1;
    [least, greatest] = least === 0 ? [0, room] : [least - room, greatest + room];
  }
  const step = roundStep((greatest - least) / most);
  const from = Math.floor(least / step + 1e-9) * step;
  const to = Math.ceil(greatest / step - 1e-9) * step;
  const count = Math.round((to - from) / step);
  return {
    log: false,
    place: (value) => clamp((value - from) / (to - from)),
    ticks: Array.from({ length: count + 1 }, (_, i) => clean(from + i * step)),
  };
}

function logScale(values: readonly number[], most: number): AxisScale {
  const least = values.length > 0 ? Math.min(...values) : 0.1;
  const greatest = values.length > 0 ? Math.max(...values) : 1;
  const narrow = Math.log10(greatest / least) < 1.5;
  const steps = narrow ? [1, 2, 5] : [1];
  const down = Math.floor(Math.log10(least) + 1e-9) - 1;
  const up = Math.ceil(Math.log10(greatest) - 1e-9) + 1;
  const all = Array.from({ length: up - down + 1 }, (_, i) =>
    steps.map((step) => clean(step * 10 ** (down + i))),
  ).flat();
  const from = all.findLast((tick) => tick <= least * (1 + 1e-9)) ?? all[0]!;
  let to = all.find((tick) => tick >= greatest * (1 - 1e-9)) ?? all.at(-1)!;
  if (to === from) to = all[all.indexOf(from) + 1]!;
  const within = all.filter((tick) => tick >= from && tick <= to);
  const every = Math.ceil((within.length - 1) / Math.max(most, 3));
  return {
    log: true,
    place: (value) => (value > 0 ? clamp(Math.log(value / from) / Math.log(to / from)) : 0),
    ticks: within.filter((_, i) => i % every === 0),
  };
}

/** 1, 2, 2.5 or 5 times a power of ten: the smallest that is not below the value. */
function roundStep(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return unit * ([1, 2, 2.5, 5].find((step) => step * unit >= value * (1 - 1e-9)) ?? 10);
}

const clean = (value: number) => Number(value.toPrecision(10));
const clamp = (share: number) => Math.min(1, Math.max(0, share));

/**
 * Where points lie along an axis, from 0 to 1, and the room each has to either side. On a logarithmic axis only where all
 * points are above 0.
 */
export function pointPlaces(
  points: readonly number[],
  log: boolean,
): { places: readonly number[]; room: number } {
  const count = points.length;
  if (count < 2) return { places: points.map(() => 0.5), room: 0.5 };
  const at = log && points.every((point) => point > 0) ? points.map(Math.log) : points;
  const least = Math.min(...at);
  const span = Math.max(...at) - least || 1;
  const sorted = at.toSorted((a, b) => a - b);
  const gaps = sorted.slice(1).map((value, i) => (value - sorted[i]!) / span);
  // Points that nearly coincide would leave no room for anything.
  const gap = Math.max(Math.min(...gaps), 0.5 / count);
  // Half a gap beyond the first and the last, so that their dots have room too.
  const wide = 1 + gap;
  return { places: at.map((value) => ((value - least) / span + gap / 2) / wide), room: gap / 2 / wide };
}
