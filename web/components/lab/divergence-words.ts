import { grouped } from '../../protocol/decimal.ts';
import type { Experiment } from '../../protocol/experiment.ts';
import type { LabArmFrame } from '../../protocol/lab-session.ts';
import { formatNumber } from '../format-number.ts';
import { isNorm, layerNames } from './layer-names.ts';

export type Diverged = NonNullable<LabArmFrame['divergence']>;

/** How a value left the numbers. */
function became(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return 'is not a number (as ∞ − ∞ or 0 · ∞)';
  return `is ${value > 0 ? '∞' : '−∞'}, beyond the largest number there is`;
}

/** What went wrong first, in one sentence; `arm` is A or B. */
export function whatHappened(arm: string, divergence: Diverged, experiment: Experiment): string {
  const { step, diverged_layer: layer, diverged_what: what, diverged_value: value } = divergence;
  const place =
    layer === undefined ? 'the loss' : (layerNames(experiment.model.layers)[layer] ?? `layer ${layer}`);
  const when = `${arm} diverged at step ${grouped(step)}`;
  const unit = divergence.diverged_unit === undefined ? '' : ` of unit ${divergence.diverged_unit}`;
  const example =
    divergence.diverged_example === undefined
      ? ''
      : ` for example ${divergence.diverged_example + 1} of the batch`;
  switch (what) {
    case 'statistics':
      return `${when}: in ${place}, a statistic of the batch${unit.replace('unit', 'channel')} ${became(value)}.`;
    case 'output':
      return `${when}: in ${place}, the output${unit}${example} ${became(value)}.`;
    case 'gradient':
      return `${when}: on the way back through ${place}, the gradient${unit}${example} ${became(value)}.`;
    default:
      return `${when}: the loss ${became(value)}.`;
  }
}

/** What it means that this value was the first. */
export function whyThere({ diverged_what: what }: Diverged): string {
  switch (what) {
    case 'statistics':
      return 'The values that reach this layer are so large that their mean or their squares no longer fit into a number. Everything after it would be lost too.';
    case 'output':
      return 'Every value before it in this step was still finite: here weights and inputs, both grown from step to step, gave a product too large.';
    case 'gradient':
      return 'The forward pass was still finite; on the way back the gradient is multiplied layer by layer, and here the product grew too large.';
    default:
      return 'Every layer’s output was still finite, but the prediction is so far off that its loss is not.';
  }
}

/** What to try, the most promising first. */
export function whatToTry({ model, optimizer = {} }: Experiment, inputScale = 1): string[] {
  const { lr = 0.1, warmup = 0, clip = 0, momentum = 0 } = optimizer;
  const tips = [`Lower the learning rate (it is ${formatNumber(lr)}): rewind, and try a third of it.`];
  const gains = model.layers.flatMap((layer) =>
    'gain' in layer && layer.gain !== undefined ? [layer.gain] : [],
  );
  const gain = Math.max(0, ...gains);
  if (!model.layers.some(isNorm))
    tips.push(
      'Normalise: with BatchNorm after each linear layer, larger weights do not give larger outputs.',
    );
  if (gain > 1) tips.push(`Start with smaller weights (the gain is ${formatNumber(gain)}).`);
  if (Math.abs(inputScale) > 2)
    tips.push(`Standardise the inputs (they are ${formatNumber(inputScale)} times their size).`);
  if (clip === 0) tips.push('Clip the gradient, so that no single step can be long.');
  if (momentum >= 0.95)
    tips.push(`Use less momentum (it is ${formatNumber(momentum)}): it adds up many steps.`);
  if (warmup === 0) tips.push('Warm up: let the learning rate rise over the first steps.');
  return tips;
}
