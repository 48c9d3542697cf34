import type { StudyDefinition } from '../../../web/protocol/studies.ts';

const range = { whole: false, scale: 'linear', unit: '' } as const;

/** A small study for tests: two arms at two batch sizes. */
export const study: StudyDefinition = {
  id: 'E99',
  name: 'case',
  title: 'A case',
  question: 'Which is ahead?',
  method: 'None.',
  source: 'Nobody',
  knobs: [
    { ...range, name: 'lr', label: 'Learning rate', value: 0.1, min: 0.001, max: 1, scale: 'log' },
    { ...range, name: 'shared', label: 'Shared', value: 1, min: 0, max: 1, whole: true },
    { ...range, name: 'width', label: 'Width', value: 32, min: 4, max: 256, whole: true, unit: 'units' },
  ],
  axis: {
    name: 'batch',
    label: 'Batch size',
    points: [2, 8],
    min: 2,
    max: 64,
    whole: true,
    scale: 'log',
    fast: [],
  },
  arms: [
    { name: 'bn', label: 'batch normalization' },
    { name: 'none', label: 'without' },
  ],
  metrics: [{ name: 'accuracy', label: 'Accuracy', format: 'share', chance: 0.1, scale: 'linear' }],
  checks: [
    {
      name: 'ahead',
      statement: 'It is ahead.',
      quantity: 'Lead',
      kind: 'robust',
      statistic: 'mean',
      format: 'points',
      low: 0,
    },
  ],
  seeds: 10,
  fast_seeds: 5,
  timed: false,
};
