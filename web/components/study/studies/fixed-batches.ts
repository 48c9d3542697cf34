import { formatFixed } from '../../format-number.ts';
import { allOf, isAbove, isWithin, spoken } from '../verdict.ts';
import { defineStudy } from '../definition.ts';

const NORMS = ['batch', 'none'] as const;

const percent = (value: number) => `${formatFixed(value * 100, 1)} %`;
const points = (value: number) => `${value > 0 ? '+' : ''}${formatFixed(value * 100, 1)}`;

export const study = defineStudy({
  title: 'The same batch-mates every epoch',
  claim:
    'With BatchNorm, batches that stay the same cost 5 points of test accuracy or more. Without, they change it by 4 points at most.',
  operation: 'study_fixed_batches',
  seeds: 10,
  knobs: {
    batch_size: { kind: 'number', label: 'Batch size', default: 16, min: 2, max: 64, whole: true, step: 2 },
    steps: { kind: 'number', label: 'Steps', default: 600, min: 10, max: 2000, whole: true, step: 100 },
    label_noise: { kind: 'number', label: 'Wrong labels, share', default: 0.2, min: 0, max: 0.6, step: 0.1 },
    examples: {
      kind: 'number',
      label: 'Training examples',
      default: 240,
      min: 64,
      max: 1000,
      whole: true,
      step: 40,
    },
    lr: { kind: 'number', label: 'Learning rate', default: 0.1, min: 0.001, max: 1, step: 0.05 },
  },
  calls: (knobs) => NORMS.map((norm) => ({ ...knobs, norm })),
  measure: ({ result }, call) => [
    { series: 'reshuffled', condition: call, value: result.reshuffled },
    { series: 'fixed', condition: call, value: result.fixed },
    { series: 'gain', condition: call, value: result.gain },
  ],
  chart: () => ({
    x: { label: 'normalisation', names: ['BatchNorm', 'none'] },
    y: { label: 'Test accuracy, inference mode', min: 0, format: (value) => `${Math.round(value * 100)} %` },
    series: [
      { key: 'reshuffled', name: 'new batches every epoch', colour: 'accent' },
      { key: 'fixed', name: 'the same batches every epoch', colour: 'text-muted' },
    ],
    guides: [{ name: 'chance', at: 0.1 }],
    paired: true,
  }),
  conclude: (outcome) => {
    const [batch, none] = [outcome.interval('gain', 0), outcome.interval('gain', 1)];
    const hurt = [isAbove(batch, 0.04), isAbove(none, 0.04)];
    const option = hurt.includes('unclear')
      ? undefined
      : hurt[0] === 'yes'
        ? hurt[1] === 'yes'
          ? 2
          : 1
        : hurt[1] === 'no'
          ? 3
          : undefined;
    return {
      holds: allOf(isAbove(batch, 0.05), isWithin(none, -0.04, 0.04)),
      sentence:
        `New batches every epoch are worth ${spoken(batch, points)} points of test accuracy with BatchNorm, ` +
        `${spoken(none, points)} without: means and 95 % intervals of ${outcome.seeds} pairs with the same data and initial ` +
        `weights. Accuracies with BatchNorm: ${percent(outcome.interval('reshuffled', 0).mean)} and ` +
        `${percent(outcome.interval('fixed', 0).mean)}.`,
      ...(option && { option }),
    };
  },
});
