import type { TopicClaims } from '../claim.ts';

/** Where to put it, and what to keep of it. */
export const placement: TopicClaims = [
  {
    id: 'C29',
    statement: 'Batch normalization can be applied at many layers of a network.',
    saidBy: ['blog', 'ioffe2015'],
    literature: 'true',
    reason: 'It is differentiable and needs nothing but the batch, so it fits wherever there is one.',
    cites: ['ioffe2015'],
    chapters: [5],
  },
  {
    id: 'C32',
    statement: 'Its authors say that batch normalization may stand before or after the nonlinearity.',
    saidBy: ['blog'],
    literature: 'false',
    reason:
      'The paper puts it before, and argues for that: what a linear layer gives out is closer to normal than what a nonlinearity does.',
    cites: ['ioffe2015'],
    chapters: [7],
  },
  {
    id: 'C33',
    statement: 'Batch normalization after the nonlinearity works better than before.',
    saidBy: ['blog'],
    literature: 'contested',
    reason:
      'In one benchmark on ImageNet it was better in CaffeNet (49.3 % against 47.8 %), and worse in GoogLeNet (59.6 % against 60.7 %, with other initial weights).',
    cites: ['mishkin2016'],
    chapters: [7],
  },
  {
    id: 'C34',
    statement: 'Leaving γ and β out can help.',
    saidBy: ['blog'],
    literature: 'contested',
    reason:
      'In the same benchmark by half a point after the nonlinearity (49.9 % against 49.3 %), and not before it (47.4 % against 47.8 %).',
    cites: ['mishkin2016'],
    chapters: [7],
  },
];
