import { isAbove, spoken } from '../verdict.ts';
import { defineStudy } from '../definition.ts';
import { CHANCE, percent, points } from './shares.ts';

const LARGE = 64;

export const study = defineStudy({
  title: 'Fine-tuning two pictures at a time',
  claim: 'In batches of two, frozen statistics end 30 points of accuracy or more above training mode.',
  operation: 'study_frozen_norm',
  seeds: 10,
  knobs: {
    batch_size: { kind: 'number', label: 'Batch size', default: 2, min: 2, max: 64, whole: true, step: 1 },
    examples: {
      kind: 'number',
      label: 'Pictures to fine-tune on',
      default: 1600,
      min: 64,
      max: 6400,
      whole: true,
      step: 64,
    },
    lr: { kind: 'number', label: 'Learning rate', default: 0.01, min: 0.001, max: 0.5, step: 0.01 },
    momentum: {
      kind: 'number',
      label: 'Momentum k of the small batches',
      default: 0.02,
      min: 0.001,
      max: 1,
      step: 0.01,
    },
    scale: { kind: 'number', label: 'New pictures: times', default: 1.5, min: 0.1, max: 10, step: 0.1 },
    shift: { kind: 'number', label: 'New pictures: plus', default: 0.3, min: -10, max: 10, step: 0.1 },
  },
  calls: (knobs) => [
    { ...knobs, frozen: false },
    { ...knobs, frozen: true },
    // So few steps that a long average would lag.
    { ...knobs, frozen: false, batch_size: LARGE, momentum: 0.1 },
  ],
  measure: ({ result }, call) => [
    ...(call === 0 ? [{ series: 'accuracy', condition: 0, value: result.before }] : []),
    { series: 'accuracy', condition: call + 1, value: result.after },
    // In series of their own, to be compared seed by seed.
    ...(call < 2 ? [{ series: call === 0 ? 'thawed' : 'frozen', condition: 0, value: result.after }] : []),
  ],
  chart: ({ batch_size }) => ({
    x: {
      label: 'fine-tuned in training mode, or frozen',
      names: ['before', `B = ${batch_size}`, 'frozen', `B = ${LARGE}`],
    },
    y: { label: 'Test accuracy on the new pictures, inference mode', min: 0, max: 1, format: percent },
    series: [{ key: 'accuracy', name: 'accuracy', colour: 'x' }],
    guides: [CHANCE],
  }),
  conclude: (outcome, { batch_size }) => {
    const [before, training, frozen, large] = [0, 1, 2, 3].map((at) => outcome.interval('accuracy', at));
    const lead = outcome.lead('frozen', 'thawed');
    const better = isAbove(lead, 0.03);
    const worse = isAbove(training!, before!.mean - 0.03);
    const option =
      better === 'yes' ? (worse === 'no' ? 1 : 2) : better === 'no' && worse === 'yes' ? 3 : undefined;
    return {
      holds: isAbove(lead, 0.3),
      sentence:
        `Before fine-tuning ${spoken(before!, percent)} of the new pictures are classified rightly. In batches of ${batch_size}, training mode ` +
        `ends at ${spoken(training!, percent)} and frozen statistics at ${spoken(frozen!, percent)}: ${spoken(lead, points)} points ` +
        `apart. Training mode in batches of ${LARGE} on as many pictures: ${spoken(large!, percent)}. Means and 95 % intervals of ` +
        `${outcome.seeds} seeds.`,
      ...(option && { option }),
    };
  },
});
