import { decadeAbove, decadeBelow, roundUp } from '../../charts/round-axis.ts';
import type { StudyChart } from './definition.ts';

/** Where values lie on an axis: 0 at its start, 1 at its end. */
export interface Scale {
  place(value: number): number;
  ticks: readonly number[];
}

const MOST_TICKS = 6;

/** The vertical axis for these values. What lies beyond its ends is drawn at them: 0 on a logarithmic axis, for one. */
export function verticalScale({ log, min, max }: StudyChart['y'], values: readonly number[]): Scale {
  const finite = values.filter((value) => Number.isFinite(value));
  return log ? logScale(finite.filter((value) => value > 0)) : linearScale(finite, min, max);
}

function linearScale(values: readonly number[], min = 0, max?: number): Scale {
  const least = Math.min(min, ...values);
  const most = max ?? Math.max(min, ...values);
  const to = most > 0 ? (max ?? roundUp(most)) : 0;
  const from = least < 0 ? -roundUp(-least) : least;
  const span = to - from || 1;
  const steps = 4;
  return {
    place: (value) => clamp((value - from) / span),
    ticks: Array.from({ length: steps + 1 }, (_, i) => Number((from + (span * i) / steps).toPrecision(6))),
  };
}

function logScale(values: readonly number[]): Scale {
  const from = values.length > 0 ? decadeBelow(Math.min(...values)) : 0.1;
  const to = values.length > 0 ? Math.max(decadeAbove(Math.max(...values)), 10 * from) : 10;
  const decades = Math.round(Math.log10(to / from));
  const every = Math.ceil(decades / MOST_TICKS);
  return {
    place: (value) => (value > 0 ? clamp(Math.log(value / from) / Math.log(to / from)) : 0),
    ticks: Array.from({ length: Math.floor(decades / every) + 1 }, (_, i) =>
      Number((from * 10 ** (i * every)).toPrecision(6)),
    ),
  };
}

const clamp = (share: number) => Math.min(1, Math.max(0, share));

/** The middle of each condition, from 0 to 1, and the room it has to either side. */
export function horizontalPlaces({ names, at }: StudyChart['x']): {
  places: readonly number[];
  room: number;
} {
  const count = names.length;
  if (!at || count < 2)
    return { places: names.map((_, i) => (i + 0.5) / count), room: 0.5 / Math.max(1, count) };
  const logs = at.map((value) => Math.log(value));
  const least = Math.min(...logs);
  const span = Math.max(...logs) - least || 1;
  const sorted = logs.toSorted((a, b) => a - b);
  const gap = Math.min(...sorted.slice(1).map((value, i) => (value - sorted[i]!) / span));
  // Half a gap beyond the first and the last, so that their dots have room too.
  const wide = 1 + gap;
  return { places: logs.map((value) => ((value - least) / span + gap / 2) / wide), room: gap / 2 / wide };
}
