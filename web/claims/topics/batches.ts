import type { TopicClaims } from '../claim.ts';

/** Mini-batches and SGD. */
export const batches: TopicClaims = [
  {
    id: 'C24',
    statement:
      'Gradient descent comes in three variants: one example per step, all of them, or a mini-batch.',
    saidBy: ['blog'],
    literature: 'true',
    reason:
      'They are one method with one number, the batch size; each gives an unbiased estimate of the same gradient.',
    chapters: [3],
  },
  {
    id: 'C25',
    statement: 'Mini-batches are faster than one example at a time.',
    saidBy: ['blog'],
    literature: 'true',
    reason: 'Per example, because a processor does many of the same thing at once. Per step they are slower.',
    chapters: [3],
  },
  {
    id: 'C26',
    statement: 'The gradient of a mini-batch is less noisy than that of a single example.',
    saidBy: ['blog'],
    literature: 'true',
    reason: 'Its variance falls as 1/B, as that of any mean of independent draws does.',
    chapters: [3],
  },
  {
    id: 'C27',
    statement: 'Mini-batch gradient descent escapes from local minima more easily than full-batch.',
    saidBy: ['blog'],
    literature: 'conditional',
    reason:
      'So in one dimension, where it can be watched. Whether it explains how deep networks learn is contested.',
    cites: ['keskar2017', 'hoffer2017'],
    chapters: [3],
  },
  {
    id: 'C28',
    statement: 'The batch size can be chosen freely, to suit the memory there is.',
    saidBy: ['blog'],
    literature: 'conditional',
    reason: 'Without batch normalization. With it the batch size is a part of the function that is trained.',
    cites: ['wuhe2018', 'wujohnson2021'],
    chapters: [8, 4],
  },
  {
    id: 'C44',
    statement: 'With batch normalization, examples should be shuffled more thoroughly.',
    saidBy: ['blog', 'ioffe2015'],
    literature: 'true',
    reason:
      'Else the same examples always meet in a batch, and the noise that keeps a network from learning them by heart is gone.',
    cites: ['ioffe2015'],
    chapters: [3, 7],
  },
];
