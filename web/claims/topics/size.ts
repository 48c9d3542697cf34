import type { TopicClaims } from '../claim.ts';

/** Batch size and the alternatives. */
export const size: TopicClaims = [
  {
    id: 'C67',
    statement: 'Batch normalization needs batches that represent the data.',
    saidBy: ['tutorial'],
    literature: 'true',
    reason: 'If a batch holds one class only, its mean is that class, and is subtracted.',
    cites: ['ioffe2017', 'wujohnson2021'],
    chapters: [8],
  },
  {
    id: 'C68',
    statement: 'Batch normalization is unstable with small batches.',
    saidBy: ['tutorial'],
    literature: 'conditional',
    reason:
      'Severely in fully connected layers. In convolutional ones each channel still sees H·W values of every example.',
    cites: ['wuhe2018', 'ioffe2017'],
    chapters: [8],
  },
  {
    id: 'C70',
    statement: 'Layer or group normalization is sometimes better than batch normalization.',
    saidBy: ['tutorial', 'ba2016', 'wuhe2018'],
    literature: 'true',
    reason:
      'With small batches: on ImageNet with 2 images per batch the error with group normalization was 10.6 points lower.',
    cites: ['wuhe2018', 'ba2016'],
    chapters: [8],
  },
  {
    id: 'C76',
    statement: 'Batch Renormalization repairs small batches and batches that are not drawn at random.',
    saidBy: ['ioffe2017'],
    literature: 'conditional',
    reason: 'In part: it helps where the batch says little, and costs a little where it says enough.',
    cites: ['ioffe2017'],
    chapters: [8],
  },
  {
    id: 'C83',
    statement: 'Batch normalization is impossible with batches of one.',
    saidBy: ['misconception'],
    literature: 'conditional',
    reason:
      'In a fully connected layer one value is its own mean, and x̂ is 0. In a convolutional layer a single image has H·W values per channel.',
    chapters: [8],
  },
];
