import type { TopicClaims } from '../claim.ts';

/** Noise and regularisation. */
export const noise: TopicClaims = [
  {
    id: 'C38',
    statement: 'The noise of batch statistics regularises.',
    saidBy: ['blog', 'ioffe2015'],
    literature: 'conditional',
    reason:
      'Smaller batches, more noise, and less learned by heart. That it generalises better than a network without is another claim.',
    cites: ['hoffer2017', 'luo2018'],
    chapters: [7],
  },
  {
    id: 'C39',
    statement: 'The transformation itself is random and adds noise.',
    saidBy: ['blog'],
    literature: 'false',
    reason: 'For a given batch there is nothing random in it. What varies is who else is in the batch.',
    chapters: [4, 7],
  },
  {
    id: 'C42',
    statement: 'With batch normalization, reduce dropout and other regularisation.',
    saidBy: ['blog', 'ioffe2015'],
    literature: 'conditional',
    reason:
      'A little can be better than none: on ImageNet a CaffeNet with batch normalization got 49.9 % right with dropout 0.5, 52.7 % with 0.2 and 51.3 % without.',
    cites: ['ioffe2015', 'mishkin2016'],
    chapters: [7],
  },
  {
    id: 'C75',
    statement:
      'Dropout before batch normalization goes wrong: in inference the variance is not the one the running statistics have learned.',
    saidBy: ['li2018'],
    literature: 'true',
    reason: 'Dropout keeps the mean in inference, not the variance. A DenseNet fell from 77.42 % to 68.55 %.',
    cites: ['li2018'],
    chapters: [7],
  },
  {
    id: 'C77',
    statement: 'Normalising over small groups of a large batch (ghost batches) regularises.',
    saidBy: ['hoffer2017', 'summers2019'],
    literature: 'true',
    reason: 'The statistics are as noisy as those of small batches, whatever the batch size of the gradient.',
    cites: ['hoffer2017', 'summers2019'],
    chapters: [7],
  },
  {
    id: 'C85',
    statement:
      'Batch normalization is normalisation by the statistics of the whole population, plus a decay of γ.',
    saidBy: ['luo2018'],
    literature: 'conditional',
    reason: 'Derived for one layer, to first order in 1/B.',
    cites: ['luo2018'],
    chapters: [7],
  },
];
