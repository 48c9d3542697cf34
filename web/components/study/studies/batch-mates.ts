import { allOf, type Answer, isAbove, spoken } from '../verdict.ts';
import { defineStudy } from '../definition.ts';
import { percent } from './shares.ts';

const SIZES = [4, 8, 16, 64, 256] as const;
const LAST = SIZES.length - 1;

export const study = defineStudy({
  title: 'Same picture, other batch-mates',
  claim:
    'In training mode the share of predictions that hang on the batch-mates falls with every larger batch. In inference mode none does.',
  operation: 'study_batch_mates',
  seeds: 10,
  knobs: {
    steps: {
      kind: 'number',
      label: 'Training steps before',
      default: 600,
      min: 0,
      max: 2000,
      whole: true,
      step: 100,
    },
    lr: { kind: 'number', label: 'Learning rate', default: 0.1, min: 0.001, max: 1, step: 0.05 },
    examples: {
      kind: 'number',
      label: 'Pictures to classify',
      default: 200,
      min: 20,
      max: 500,
      whole: true,
      step: 20,
    },
  },
  calls: (knobs) => [{ ...knobs, batch_sizes: Int32Array.from(SIZES) }],
  measure: ({ result }) =>
    (['training', 'inference'] as const).flatMap((series) =>
      Array.from(result[series].data, (value, condition) => ({ series, condition, value })),
    ),
  chart: () => ({
    x: { label: 'batch size B', names: SIZES.map(String), at: SIZES },
    y: { label: 'Predictions that change with the batch-mates', min: 0, max: 1, format: percent },
    series: [
      { key: 'training', name: 'training mode', colour: 'training-line' },
      { key: 'inference', name: 'inference mode', colour: 'inference' },
    ],
  }),
  conclude: (outcome) => {
    const at = SIZES.map((_, size) => outcome.interval('training', size));
    // Settled where each interval lies below the whole of the one before.
    const falls = at.slice(1).map((here, i): Answer => {
      const before = at[i]!.from;
      return before === undefined ? 'unclear' : isAbove(here, before) === 'no' ? 'yes' : 'unclear';
    });
    const none = SIZES.every((_, size) => outcome.values('inference', size).every((value) => value === 0));
    const option = [
      [0, 0.02],
      [0.02, 0.2],
      [0.2, 1],
    ].findIndex(([from, to]) => at[0]!.mean >= from! && at[0]!.mean <= to!);
    return {
      holds: allOf(none ? 'yes' : 'no', ...falls),
      sentence:
        `With three batch-mates ${spoken(at[0]!, percent)} of the predictions change when only the mates do; in batches of 16 it is ` +
        `${spoken(at[2]!, percent)}, in batches of ${SIZES[LAST]} ${spoken(at[LAST]!, percent)} (means and 95 % intervals of ` +
        `${outcome.seeds} seeds). In inference mode ${none ? 'not one changes' : 'some change too'}.`,
      ...(option >= 0 && { option: option + 1 }),
    };
  },
});
