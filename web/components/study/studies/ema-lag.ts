import { allOf, isAbove, spoken } from '../verdict.ts';
import { defineStudy } from '../definition.ts';
import { CHANCE, percent, points } from './shares.ts';

const STEPS = [10, 30, 60, 100, 200, 300, 600] as const;
const [EARLY, LATE] = [STEPS.indexOf(100), STEPS.indexOf(600)];
const SERIES = ['training', 'inference', 'recalibrated'] as const;

export const study = defineStudy({
  title: 'How long do running statistics lag?',
  claim:
    'After 100 steps statistics taken afresh are worth 20 points of accuracy in inference mode or more. After 600 steps they are worth 3 points at most.',
  operation: 'study_ema_lag',
  seeds: 10,
  knobs: {
    momentum: {
      kind: 'number',
      label: 'Momentum k, the new batch’s weight',
      default: 0.01,
      min: 0.001,
      max: 1,
      step: 0.01,
    },
    scale: { kind: 'number', label: 'Inputs times', default: 10, min: 0.1, max: 100, step: 1 },
    shift: { kind: 'number', label: 'Inputs plus', default: 5, min: -50, max: 50, step: 1 },
    lr: { kind: 'number', label: 'Learning rate', default: 0.1, min: 0.001, max: 1, step: 0.05 },
    batch_size: { kind: 'number', label: 'Batch size', default: 64, min: 2, max: 256, whole: true, step: 8 },
  },
  calls: (knobs) => [{ ...knobs, steps: Int32Array.from(STEPS) }],
  measure: ({ result }) =>
    SERIES.flatMap((series) =>
      Array.from(result[series].data, (value, condition) => ({ series, condition, value })),
    ),
  chart: () => ({
    x: { label: 'training steps', names: STEPS.map(String), at: STEPS },
    y: { label: 'Test accuracy', min: 0, max: 1, format: percent },
    series: [
      { key: 'recalibrated', name: 'inference, statistics taken afresh', colour: 'xhat' },
      { key: 'inference', name: 'inference, running statistics', colour: 'inference' },
      { key: 'training', name: 'training mode', colour: 'training-line' },
    ],
    guides: [CHANCE],
  }),
  conclude: (outcome) => {
    const [early, late] = [EARLY, LATE].map((at) => outcome.lead('recalibrated', 'inference', at));
    const of = (series: string, at: number) => percent(outcome.interval(series, at).mean);
    const [soon, end] = [isAbove(early!, 0.1), isAbove(late!, 0.1)];
    const option =
      soon === 'no' && end === 'no'
        ? 1
        : soon === 'yes' && end === 'no'
          ? 2
          : soon === 'yes' && end === 'yes'
            ? 3
            : undefined;
    return {
      holds: allOf(isAbove(early!, 0.2), isAbove(late!, 0.03) === 'no' ? 'yes' : 'no'),
      sentence:
        `After 100 steps the network gets ${of('inference', EARLY)} right by its running statistics and ` +
        `${of('recalibrated', EARLY)} by statistics taken afresh: ${spoken(early!, points)} points, mean and 95 % interval of ` +
        `${outcome.seeds} seeds. After 600 steps it is ${of('inference', LATE)} and ${of('recalibrated', LATE)}: ` +
        `${spoken(late!, points)} points.`,
      ...(option && { option }),
    };
  },
});
