import type { LabValue } from '../../protocol/lab.ts';
import { finalOf, hasDiverged, type Measure, measureOf, type Outcome, type Run, worst } from './many-runs.ts';
import { type Interval, interval, largest, median, smallest } from './summary.ts';
import { lead } from './sweep-grid.ts';

/** One experiment over many seeds: what its runs have in common at each step, and how A and B of each seed compare. */
export interface BandPlan {
  value: LabValue;
  seeds: number;
  steps: number;
  /** Steps between two points. */
  every: number;
  /** 0 where values are predicted. */
  classes: number;
}

export const MIN_SEEDS = 5;
export const MAX_SEEDS = 20;
/** About so many points per run. */
const POINTS = 60;

export const everyOf = (steps: number): number => Math.max(1, Math.round(steps / POINTS));
export const armsOf = ({ value }: BandPlan): number => (value.compare ? 2 : 1);

/** Seed by seed, A and B together, so that pairs are complete early. */
export function runsOf(plan: BandPlan): readonly Run[] {
  return Array.from({ length: plan.seeds }, (_, seed) =>
    Array.from({ length: armsOf(plan) }, (_, arm) => ({ value: plan.value, arm, seed })),
  ).flat();
}

/** The steps at which all runs are looked at. */
export function stepsOf({ steps, every }: BandPlan): readonly number[] {
  const marks = Array.from({ length: Math.floor(steps / every) + 1 }, (_, i) => i * every);
  return marks.at(-1) === steps ? marks : [...marks, steps];
}

/** A run's values at those steps; from where it diverged on, what a diverged run counts as. */
export function valuesOf(outcome: Outcome, plan: BandPlan, measure: Measure): readonly number[] {
  if ('problem' in outcome) return stepsOf(plan).map(() => NaN);
  const { points, divergence } = outcome.arm;
  const at = new Map(points.map((point) => [point.step, measureOf(point, measure)]));
  return stepsOf(plan).map((step) =>
    divergence && step >= divergence.step ? worst(measure, plan.classes) : (at.get(step) ?? NaN),
  );
}

export interface Band {
  runs: readonly (readonly number[])[];
  median: readonly number[];
  min: readonly number[];
  max: readonly number[];
}

/** Over the runs that were not refused. */
export function bandOf(outcomes: readonly Outcome[], plan: BandPlan, measure: Measure): Band {
  const runs = outcomes
    .filter((outcome) => !('problem' in outcome))
    .map((outcome) => valuesOf(outcome, plan, measure));
  const across = stepsOf(plan).map((_, at) => runs.map((run) => run[at]!));
  return {
    runs,
    median: across.map(median),
    min: across.map(smallest),
    max: across.map(largest),
  };
}

/** How far A is ahead of B at the end, by seed; NaN where one of the two was refused or is not done. */
export function leadsOf(
  outcomes: readonly (readonly (Outcome | undefined)[])[],
  plan: BandPlan,
  measure: Measure,
): readonly number[] {
  return Array.from({ length: plan.seeds }, (_, seed) => {
    const [a, b] = [outcomes[0]?.[seed], outcomes[1]?.[seed]];
    return a && b ? lead(finalOf(a, measure, plan.classes), finalOf(b, measure, plan.classes), measure) : NaN;
  });
}

export function leadInterval(leads: readonly number[]): Interval | undefined {
  const known = leads.filter((value) => !Number.isNaN(value));
  return known.length > 0 ? interval(known) : undefined;
}

export function divergedCount(outcomes: readonly (Outcome | undefined)[]): number {
  return outcomes.filter((outcome) => outcome && hasDiverged(outcome)).length;
}
