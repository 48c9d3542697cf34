import { allOf, isAbove, isWithin, spoken } from '../verdict.ts';
import { defineStudy } from '../definition.ts';
import { CHANCE, percent, points } from './shares.ts';

const NORMS = ['batch', 'layer', 'none'] as const;

export const study = defineStudy({
  title: 'The same pictures in another light',
  claim:
    'On pictures with other brightness and contrast BatchNorm loses 30 points of accuracy or more. Statistics taken afresh bring it back to within 3 points.',
  operation: 'study_domain_shift',
  seeds: 10,
  knobs: {
    scale: { kind: 'number', label: 'New pictures: times', default: 2, min: 0.1, max: 10, step: 0.1 },
    shift: { kind: 'number', label: 'New pictures: plus', default: 1, min: -10, max: 10, step: 0.1 },
    steps: { kind: 'number', label: 'Steps', default: 600, min: 0, max: 2000, whole: true, step: 100 },
    lr: { kind: 'number', label: 'Learning rate', default: 0.1, min: 0.001, max: 1, step: 0.05 },
    batch_size: { kind: 'number', label: 'Batch size', default: 64, min: 2, max: 256, whole: true, step: 8 },
  },
  calls: (knobs) => NORMS.map((norm) => ({ ...knobs, norm })),
  measure: ({ result }, condition) => [
    { series: 'before', condition, value: result.before },
    { series: 'after', condition, value: result.after },
    // The others have nothing that could be taken afresh.
    ...(NORMS[condition] === 'batch'
      ? [{ series: 'recalibrated', condition, value: result.recalibrated }]
      : []),
  ],
  chart: () => ({
    x: { label: 'normalisation', names: ['BatchNorm', 'LayerNorm', 'none'] },
    y: { label: 'Test accuracy, inference mode', min: 0, max: 1, format: percent },
    series: [
      { key: 'before', name: 'pictures as in training', colour: 'x' },
      { key: 'after', name: 'new pictures', colour: 'y' },
      { key: 'recalibrated', name: 'new pictures, statistics taken afresh', colour: 'xhat' },
    ],
    guides: [CHANCE],
    paired: true,
  }),
  conclude: (outcome) => {
    const mean = (series: string, norm: number) => percent(outcome.interval(series, norm).mean);
    const lost = outcome.lead('before', 'after');
    const left = outcome.lead('recalibrated', 'before');
    const regained = outcome.lead('recalibrated', 'after');
    const option =
      isWithin(left, -0.03, 0.03) === 'yes' ? 1 : isAbove(regained, 0.03) === 'yes' ? 2 : undefined;
    return {
      holds: allOf(isAbove(lost, 0.3), isWithin(left, -0.03, 0.03)),
      sentence:
        `BatchNorm falls from ${mean('before', 0)} to ${mean('after', 0)} and comes back to ${mean('recalibrated', 0)} with ` +
        `statistics taken afresh: ${spoken(left, points)} points from where it was, mean and 95 % interval of ` +
        `${outcome.seeds} seeds. LayerNorm goes from ${mean('before', 1)} to ${mean('after', 1)}, ` +
        `the network without normalisation from ${mean('before', 2)} to ${mean('after', 2)}.`,
      ...(option && { option }),
    };
  },
});
