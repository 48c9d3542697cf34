import type { LabPoint } from './lab-session.ts';

/** Points a trace holds at most. */
export const TRACE_LIMIT = 2000;

/**
 * The points of one arm, in a bounded number however long it trains: when there are too many, every part of the run loses
 * the same share of them, and from then on new ones are kept that far apart. The newest point is always there.
 */
export class Trace {
  readonly #limit: number;
  #points: LabPoint[] = [];
  #spacing = 0;

  constructor(limit = TRACE_LIMIT) {
    this.#limit = limit;
  }

  get points(): readonly LabPoint[] {
    return this.#points;
  }

  add(point: LabPoint): void {
    const [before, newest] = this.#points.slice(-2);
    if (before && newest && newest.step - before.step < this.#spacing) this.#points.pop();
    this.#points.push(point);
    if (this.#points.length > this.#limit) this.#thin();
  }

  /** The points so far; the trace is empty afterwards. */
  take(): readonly LabPoint[] {
    const points = this.#points;
    this.#points = [];
    this.#spacing = 0;
    return points;
  }

  #thin(): void {
    const newest = this.#points.at(-1) as LabPoint;
    const first = this.#points[0] as LabPoint;
    // Half as many, so that this happens rarely; more than 0, should they all lie at one step.
    const apart = (2 * (newest.step - first.step)) / this.#limit;
    this.#spacing = Math.max(2 * this.#spacing, apart, Number.MIN_VALUE);
    let kept = -Infinity;
    this.#points = this.#points.filter((point) => {
      const keep = point === newest || point.step - kept >= this.#spacing;
      if (keep) kept = point.step;
      return keep;
    });
  }
}
