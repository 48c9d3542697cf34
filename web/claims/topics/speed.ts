import type { TopicClaims } from '../claim.ts';

/** Learning rate, initial weights and speed. */
export const speed: TopicClaims = [
  {
    id: 'C35',
    statement: 'Gradients depend less on the scale of the parameters and on their initial values.',
    saidBy: ['blog', 'ioffe2015'],
    literature: 'conditional',
    reason:
      'The output does not depend on the scale of the weights at all, but the length of a step does: relative to the weights it goes with 1/‖w‖².',
    cites: ['ioffe2015', 'arora2018'],
    chapters: [5, 2],
  },
  {
    id: 'C36',
    statement: 'Batch normalization permits much higher learning rates.',
    saidBy: ['blog', 'ioffe2015'],
    literature: 'true',
    reason: 'The most often confirmed of all claims about it.',
    cites: ['ioffe2015', 'bjorck2018'],
    chapters: [5],
  },
  {
    id: 'C37',
    statement: 'Networks with batch normalization learn faster.',
    saidBy: ['blog'],
    literature: 'conditional',
    reason:
      'When each has its own best learning rate, or a high one. At a small learning rate and with standardised inputs there is little difference, or one the other way.',
    cites: ['bjorck2018'],
    chapters: [5],
  },
  {
    id: 'C41',
    statement: 'With batch normalization one need not be careful with the initial weights.',
    saidBy: ['blog', 'ioffe2015'],
    literature: 'conditional',
    reason: 'Their scale may be wrong by far more, though not by any factor: large weights learn slowly.',
    cites: ['ioffe2015'],
    chapters: [5],
  },
  {
    id: 'C43',
    statement: 'With batch normalization the learning rate should decay faster.',
    saidBy: ['blog', 'ioffe2015'],
    literature: 'conditional',
    reason:
      'The authors could, since their network trained faster. That a fast decay is tolerated does not make it better than a slow one.',
    cites: ['ioffe2015'],
    chapters: [7],
  },
];
