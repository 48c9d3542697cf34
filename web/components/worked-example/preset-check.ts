import { betweenNumbers } from '../../protocol/decimal.ts';
import { formatNumber } from '../format-number.ts';
import type { PresetName } from '../../protocol/worked-example-presets.ts';
import type { FeatureView } from './walk.ts';

/** The preset's lesson, checked against the numbers the engine gives right now. */
export function presetCheck(preset: PresetName | undefined, view: FeatureView): string {
  const { walk, numbers } = view;
  if (view.inference)
    return 'In inference mode the running statistics normalise; switch to training to see what the batch does.';
  const largest = formatNumber(view.number(numbers.described.xhat.abs_max));
  const bound = `The largest |x̂| is ${largest}; √(m − 1) = ${formatNumber(walk.xhat_bound)}.`;
  const { x, xhat } = numbers.described;
  switch (preset) {
    case 'one':
      return `Here x̂ = ${formatNumber(view.column(walk.xhat)[0] ?? NaN)} and y = ${formatNumber(view.column(walk.y)[0] ?? NaN)}; β = ${formatNumber(view.beta)}.`;
    case 'constant':
      return `Feature ${view.feature + 1}: σ² = ${formatNumber(view.number(walk.var))}, ε = ${formatNumber(view.state.eps)}; the largest |x̂| is ${largest}.`;
    case 'huge_mean':
      return `Here μ = ${formatNumber(view.number(walk.mean))}, σ² = ${formatNumber(view.number(walk.var))}. ${bound}`;
    case 'humps':
      return `Skewness and excess kurtosis of x: ${formatNumber(view.number(x.skewness), 1)} and ${formatNumber(view.number(x.excess_kurtosis))}; of x̂: ${formatNumber(view.number(xhat.skewness), 1)} and ${formatNumber(view.number(xhat.excess_kurtosis))} (a bell curve: 0 and 0).`;
    case 'features':
      return `The means are ${[...walk.mean.data].map((value) => formatNumber(value)).join(betweenNumbers())}; each x̂ has mean 0 and standard deviation ${[...xhat.std.data].map((value) => formatNumber(value)).join(betweenNumbers())}.`;
    default:
      return bound;
  }
}
