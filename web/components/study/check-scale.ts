import type { StudyCheck, StudyVerdict } from '../../protocol/studies.ts';
import { axisScale, type AxisScale } from './axis-scale.ts';

/** By factors where the numbers are factors, or differ by them; zero, or no change, is on it where they are differences. */
export function checkScale(
  { statistic, format, low, high }: StudyCheck,
  numbers: readonly number[],
  verdict: StudyVerdict | undefined,
): AxisScale {
  const all = [...numbers, low, high].filter(
    (value): value is number => typeof value === 'number' && Number.isFinite(value),
  );
  const positive = all.every((value) => value > 0);
  const wide = positive && Math.max(...all) > 1000 * Math.min(...all);
  const log = positive && (statistic === 'ratio' || wide);
  const ends = [verdict?.low, verdict?.high];
  return axisScale(format === 'points' ? [...all, 0] : all, log, { ends, most: 4 });
}
