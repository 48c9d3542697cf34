import { formatFixed } from '../format-number.ts';
import { type Band, type BandPlan, divergedCount, leadInterval, stepsOf } from './bands-summary.ts';
import type { Measure, Outcome } from './many-runs.ts';
import { formatLoss } from './trace-lines.ts';
import { armName } from './words.ts';

/** A share as per cent, a loss as it is. */
export function formatValue(value: number, { quantity }: Measure): string {
  return quantity === 'accuracy' ? `${formatFixed(value * 100, 1)} %` : formatLoss(value);
}

/** A difference: percentage points, or loss. */
export function formatDifference(value: number, { quantity }: Measure): string {
  const text = quantity === 'accuracy' ? formatFixed(value * 100, 1) : formatLoss(value);
  return value > 0 ? `+${text}` : text;
}

/** What came out, in sentences: each arm's median and range, the paired difference and its interval, who diverged. */
export function bandsConclusion(
  plan: BandPlan,
  bands: readonly Band[],
  outcomes: readonly (readonly (Outcome | undefined)[])[],
  leads: readonly number[],
  measure: Measure,
): string {
  const last = stepsOf(plan).length - 1;
  const value = (number: number) => formatValue(number, measure);
  const set = measure.set === 'test' ? 'test set' : 'training set';
  const arms = bands.map((band, arm) =>
    band.runs.length === 0
      ? `${armName(arm)} could not be run`
      : `${armName(arm)} has a median of ${value(band.median[last]!)} (from ${value(band.min[last]!)} to ${value(band.max[last]!)})`,
  );
  const seeds = Math.max(...bands.map(({ runs }) => runs.length));
  return [
    `After ${plan.steps} steps with ${seeds} seeds, ${measure.quantity} on the ${set} in ${measure.mode} mode: ${arms.join(', ')}.`,
    ...(bands.length > 1 ? [pairs(leads, measure)] : []),
    divergences(plan, outcomes, measure),
  ]
    .filter(Boolean)
    .join(' ');
}

function pairs(leads: readonly number[], measure: Measure): string {
  const known = leads.filter((value) => !Number.isNaN(value));
  const found = leadInterval(leads);
  if (!found) return 'No seed has both an A and a B to compare.';
  const ahead = known.filter((value) => value > 0).length;
  const unit = measure.quantity === 'accuracy' ? ' percentage points' : '';
  const of = measure.quantity === 'accuracy' ? 'A − B' : 'B − A (how much less loss A has)';
  const wins = `A is ahead in ${ahead} of ${known.length} seeds`;
  if (!Number.isFinite(found.mean)) return `${wins}; their difference has no mean, because runs diverged.`;
  const sure =
    found.from === undefined || found.to === undefined
      ? ''
      : ` (95 % interval ${formatDifference(found.from, measure)} to ${formatDifference(found.to, measure)}${found.from > 0 ? ', so A is ahead beyond chance' : found.to < 0 ? ', so B is ahead beyond chance' : ', so the seeds do not settle who is ahead'})`;
  return `Seed by seed, ${of} is ${formatDifference(found.mean, measure)}${unit} on average${sure}; ${wins}.`;
}

function divergences(
  plan: BandPlan,
  outcomes: readonly (readonly (Outcome | undefined)[])[],
  { quantity }: Measure,
): string {
  const counts = outcomes.map(divergedCount);
  if (counts.every((count) => count === 0)) return 'No run diverged.';
  const each = counts.map((count, arm) => `${count} of ${plan.seeds} runs of ${armName(arm)}`);
  return `${each.join(' and ')} diverged and ${quantity === 'accuracy' ? 'count as chance' : 'count as an infinite loss'}.`;
}
