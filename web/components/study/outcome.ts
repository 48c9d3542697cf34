import {
  pointsOf,
  type StudyDefinition,
  type StudyRecord,
  type StudySetting,
  valueOf,
} from '../../protocol/studies.ts';
import { geometricInterval, interval, type Interval } from '../lab/summary.ts';

/** What has been measured so far, and with what. */
export interface StudyOutcome {
  study: StudyDefinition;
  setting: StudySetting;
  /** In the order of their seeds. */
  records: readonly StudyRecord[];
}

/** Which value of a record: by position among the study's metrics and arms and the setting's points. */
export type Place = readonly [metric: number, arm: number, point: number];

/** One for each record; NaN where a seed measured nothing. */
export function valuesAt({ study, setting, records }: StudyOutcome, place: Place): readonly number[] {
  return records.map((record) => valueOf(study, setting, record, place));
}

/** The mean and its 95 % interval; of a metric on a logarithmic axis, where all is above 0, the geometric mean. */
export function intervalAt(outcome: StudyOutcome, place: Place): Interval {
  const values = valuesAt(outcome, place).filter((value) => !Number.isNaN(value));
  const { scale, format } = outcome.study.metrics[place[0]]!;
  const { mean, from, to } = scale === 'log' ? geometricInterval(values) : interval(values);
  if (format !== 'share' || from === undefined || to === undefined) return { mean, from, to };
  // Less than none and more than all there cannot be.
  return { mean, from: Math.max(0, from), to: Math.min(1, to) };
}

/** Whether anything was measured there. */
export function hasMetric(outcome: StudyOutcome, metric: number): boolean {
  return outcome.study.arms.some((_, arm) =>
    pointsOf(outcome.study, outcome.setting).some((_, point) =>
      valuesAt(outcome, [metric, arm, point]).some((value) => !Number.isNaN(value)),
    ),
  );
}
