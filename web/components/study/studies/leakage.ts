import { allOf, isAbove, spoken } from '../verdict.ts';
import { defineStudy } from '../definition.ts';
import { percent } from './shares.ts';

const SERIES = ['training', 'inference', 'without'] as const;

export const study = defineStudy({
  title: 'What the batch gives away',
  claim:
    'With BatchNorm at least 95 % are right in training mode and at most 60 % in inference mode. Without it, at most 60 %.',
  operation: 'study_leakage',
  seeds: 10,
  knobs: {
    offset: {
      kind: 'number',
      label: 'Spread of the offset, σ',
      default: 20,
      min: 0,
      max: 100,
      step: 1,
    },
    shared: { kind: 'boolean', label: 'A batch shares one offset', default: true },
    batch_size: {
      kind: 'number',
      label: 'Batch size, even',
      default: 8,
      min: 2,
      max: 64,
      whole: true,
      step: 2,
    },
    steps: { kind: 'number', label: 'Steps', default: 800, min: 0, max: 5000, whole: true, step: 100 },
    lr: { kind: 'number', label: 'Learning rate', default: 0.05, min: 0.001, max: 1, step: 0.05 },
  },
  calls: (knobs) => [knobs],
  measure: ({ result }) =>
    SERIES.map((series, condition) => ({ series: 'right', condition, value: result[series] })),
  chart: () => ({
    x: {
      label: 'mode with BatchNorm; without it',
      names: ['training', 'inference', 'no BN'],
    },
    y: { label: 'Accuracy on new batches', min: 0, max: 1, format: percent },
    series: [{ key: 'right', name: 'right', colour: 'x' }],
    guides: [{ name: 'guessing', at: 0.5 }],
  }),
  conclude: (outcome) => {
    const [training, inference, without] = SERIES.map((_, at) => outcome.interval('right', at));
    const reads = [training, inference, without].map((one) => isAbove(one!, 0.75));
    const option =
      reads[0] === 'yes' && reads[1] === 'no'
        ? 1
        : reads[0] === 'yes'
          ? 2
          : reads[0] === 'no'
            ? 3
            : undefined;
    return {
      holds: allOf(
        isAbove(training!, 0.95),
        ...[inference!, without!].map((one) => (isAbove(one, 0.6) === 'no' ? ('yes' as const) : 'no')),
      ),
      sentence:
        `With BatchNorm ${spoken(training!, percent)} are right in training mode and ${spoken(inference!, percent)} in ` +
        `inference mode; without it ${spoken(without!, percent)} (means and 95 % intervals of ${outcome.seeds} seeds).`,
      ...(option && { option }),
    };
  },
});
