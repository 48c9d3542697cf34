import { fraction, guarded, num, plus, row, times, type Expression } from '../math.ts';
import { fedCount } from '../../protocol/worked-example.ts';
import { kerasMomentum } from './numbers.ts';
import type { FeatureView } from './walk.ts';

/** The arithmetic of the newest update of M and V; empty before the first batch. */
export function runningUpdate(view: FeatureView): { mean: Expression[]; variance: Expression[] } {
  const { state, features, feature } = view;
  const run = state.fed.at(-1);
  if (run === undefined) return { mean: [], variance: [] };
  const { running_mean, running_var } = view.numbers.running.pytorch;
  const before = (fedCount(state) - 1) * features + feature;
  const keep = num(kerasMomentum(state.momentum));
  const weight = num(state.momentum);
  const blend = (old: number, ...fresh: Expression[]) =>
    row(keep, times, guarded(num(old)), plus, weight, times, ...fresh);
  const count = run[1] ?? 0;
  const mean = num(run[2 + feature] ?? NaN);
  const variance = num(run[2 + features + feature] ?? NaN);
  const correction = state.stored === 'unbiased' ? [fraction(num(count), num(count - 1)), times] : [];
  return {
    mean: [blend(running_mean.data[before] ?? NaN, guarded(mean))],
    variance: [blend(running_var.data[before] ?? NaN, ...correction, guarded(variance))],
  };
}
