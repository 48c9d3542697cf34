import { formatFixed, formatNumber } from '../../format-number.ts';
import { isWithin, spoken } from '../verdict.ts';
import { defineStudy } from '../definition.ts';

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;

function sizes({ norm, examples }: { norm: string; examples: number }): readonly number[] {
  return SIZES.filter((size) => size >= (norm === 'batch' ? 2 : 1) && size <= examples);
}

const two = (value: number) => formatNumber(Number(value.toPrecision(2)));
const slope = (value: number) => formatFixed(value, 3);

export const study = defineStudy({
  title: 'How noisy is the gradient of a batch?',
  claim:
    'The noise of the gradient is proportional to 1/B: on two logarithmic axes its slope is −1, give or take 0.1.',
  operation: 'study_gradient_noise',
  seeds: 10,
  knobs: {
    norm: {
      kind: 'choice',
      label: 'Normalisation',
      default: 'none',
      choices: ['none', 'batch'],
      names: { none: 'none', batch: 'BatchNorm' },
    },
    steps: {
      kind: 'number',
      label: 'Training steps before',
      default: 0,
      min: 0,
      max: 2000,
      whole: true,
      step: 100,
    },
    examples: { kind: 'number', label: 'Examples', default: 512, min: 64, max: 1024, whole: true, step: 64 },
    hidden: { kind: 'number', label: 'Hidden units', default: 32, min: 4, max: 64, whole: true, step: 4 },
    replacement: {
      kind: 'boolean',
      label: 'An example may be drawn twice',
      default: true,
    },
  },
  calls: (knobs) => [
    {
      batch_sizes: Int32Array.from(sizes(knobs)),
      norm: knobs.norm,
      steps: knobs.steps,
      examples: knobs.examples,
      hidden: knobs.hidden,
      replacement: knobs.replacement,
    },
  ],
  measure: ({ result }) => [
    ...Array.from(result.noise.data, (value, condition) => ({ series: 'noise', condition, value })),
    { series: 'slope', condition: 0, value: result.slope },
    { series: 'full', condition: 0, value: result.full },
  ],
  chart: (knobs) => ({
    x: { label: 'batch size B', names: sizes(knobs).map(String), at: sizes(knobs) },
    y: { label: 'Noise: mean square of the gradient’s error', log: true, format: two },
    series: [{ key: 'noise', name: 'noise', colour: 'grad' }],
  }),
  conclude: (outcome, knobs) => {
    const found = outcome.interval('slope');
    const [first, last] = [0, sizes(knobs).length - 1];
    const [smallest, largest] = [sizes(knobs)[first]!, sizes(knobs)[last]!];
    const ratio = Number((largest / smallest).toPrecision(3));
    const option = [-1, -0.5, 0].findIndex((value) => Math.abs(found.mean - value) <= 0.1);
    return {
      holds: isWithin(found, -1.1, -0.9),
      sentence:
        `The slope is ${spoken(found, slope)}, mean and 95 % interval of ${outcome.seeds} seeds. ` +
        `Batches ${formatNumber(ratio)} times as large, ${largest} examples instead of ${smallest}, bring the noise from ` +
        `${two(outcome.interval('noise', first).mean)} to ${two(outcome.interval('noise', last).mean)}; ` +
        `the gradient itself has ‖g‖² = ${two(outcome.interval('full').mean)}.`,
      ...(option >= 0 && { option: option + 1 }),
    };
  },
});
