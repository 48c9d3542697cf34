import type { TopicClaims } from '../claim.ts';

/** Scale, bias and weight decay. */
export const scale: TopicClaims = [
  {
    id: 'C7',
    statement: 'Scaling the weights before batch normalization changes nothing: BN(aWu) = BN(Wu) for any a.',
    saidBy: ['questions', 'ioffe2015'],
    literature: 'conditional',
    reason:
      'For a > 0 and as ε → 0. A negative a turns x̂ over, and a tiny one brings the variance down to ε.',
    cites: ['ioffe2015'],
    chapters: [2],
  },
  {
    id: 'C8',
    statement: 'The scale of the weights does not affect backpropagation.',
    saidBy: ['questions', 'ioffe2015'],
    literature: 'conditional',
    reason:
      'The gradient passed on to the layer below is unaffected. The gradient for the weights themselves is divided by a, which is the point: larger weights take smaller steps.',
    cites: ['ioffe2015'],
    chapters: [2],
  },
  {
    id: 'C12',
    statement: 'A layer before batch normalization needs no bias; β does its work.',
    saidBy: ['questions', 'ioffe2015'],
    literature: 'true',
    reason: 'Whatever is added to all values of a feature is subtracted again with the mean.',
    cites: ['ioffe2015'],
    chapters: [2],
  },
  {
    id: 'C74',
    statement:
      'Weight decay on weights before batch normalization does not limit what the network can express. It sets the effective learning rate.',
    saidBy: ['vanlaarhoven2017', 'hoffer2018', 'arora2018'],
    literature: 'true',
    reason:
      'The function depends on the direction of such weights only. Decay keeps them short, and a step turns short weights further.',
    cites: ['vanlaarhoven2017', 'hoffer2018', 'arora2018'],
    chapters: [7, 2],
  },
];
