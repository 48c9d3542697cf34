import { interval, type Interval } from '../lab/summary.ts';
import type { Measurement } from './definition.ts';

/** All that the seeds of a study have measured so far. */
export class StudyOutcome {
  /** By series, condition and seed. */
  readonly #values = new Map<string, number[][]>();

  constructor(
    /** How many seeds were asked for. */
    readonly seeds: number,
  ) {}

  add(seed: number, { series, condition, value }: Measurement): void {
    let conditions = this.#values.get(series);
    if (!conditions) this.#values.set(series, (conditions = []));
    (conditions[condition] ??= Array.from({ length: this.seeds }, () => NaN))[seed] = value;
  }

  /** NaN where there is none, or none yet. */
  value(series: string, condition: number, seed: number): number {
    return this.#values.get(series)?.[condition]?.[seed] ?? NaN;
  }

  /** Those there are, in the order of the seeds. */
  values(series: string, condition = 0): readonly number[] {
    return (this.#values.get(series)?.[condition] ?? []).filter((value) => !Number.isNaN(value));
  }

  interval(series: string, condition = 0): Interval {
    return interval(this.values(series, condition));
  }

  /** How far one series lies above another under the same condition, seed by seed. */
  lead(series: string, over: string, condition = 0): Interval {
    const leads = Array.from(
      { length: this.seeds },
      (_, seed) => this.value(series, condition, seed) - this.value(over, condition, seed),
    );
    return interval(leads.filter((lead) => !Number.isNaN(lead)));
  }
}
