import type { TopicClaims } from '../claim.ts';

/** Depth, activations and gradients. */
export const depth: TopicClaims = [
  {
    id: 'C9',
    statement: 'With batch normalization nothing explodes, even at high learning rates.',
    saidBy: ['questions', 'ioffe2015'],
    literature: 'conditional',
    reason:
      'No normalised activation can. But the last layer usually is not normalised, and gradients grow with depth.',
    cites: ['ioffe2015', 'yang2019'],
    chapters: [5],
  },
  {
    id: 'C17',
    statement: 'Batch normalization cures exploding gradients.',
    saidBy: ['questions'],
    literature: 'conditional',
    reason:
      'It cures those that come from the scale of weights. At initial weights it adds a growth of its own: with ReLU a factor of √(π/(π − 1)) ≈ 1.21 for each layer.',
    cites: ['yang2019'],
    chapters: [5],
  },
  {
    id: 'C40',
    statement:
      'With batch normalization networks can be trained whose activations saturate, such as sigmoids.',
    saidBy: ['blog', 'ioffe2015'],
    literature: 'true',
    reason: 'Values that are kept around 0 stay away from where a sigmoid is flat.',
    cites: ['ioffe2015'],
    chapters: [5],
  },
  {
    id: 'C66',
    statement: 'Batch normalization keeps activations within a controlled range.',
    saidBy: ['tutorial'],
    literature: 'true',
    reason:
      'Of x̂: its root mean square is 1 at most, and no value exceeds √(m − 1). γ and β may then choose another range.',
    chapters: [5, 1],
  },
  {
    id: 'C72',
    statement:
      'At initial weights batch normalization itself makes gradients explode in deep networks without skip connections.',
    saidBy: ['yang2019'],
    literature: 'true',
    reason:
      'The paper computes the growth for each activation; with ReLU it tends to a factor of 1.21 for each layer.',
    cites: ['yang2019'],
    chapters: [5],
  },
  {
    id: 'C73',
    statement:
      'Without batch normalization the layers of a deep random network map all inputs to nearly one direction; with it they stay apart.',
    saidBy: ['daneshmand2020'],
    literature: 'true',
    reason: 'Proved for linear networks, measured for others.',
    cites: ['daneshmand2020'],
    chapters: [5],
  },
  {
    id: 'C84',
    statement: 'At initial weights, gradients without batch normalization hardly depend on the input.',
    saidBy: ['bjorck2018'],
    literature: 'contested',
    reason: 'The paper shows it for the last layers of a residual network. It need not be so in a plain one.',
    cites: ['bjorck2018'],
    chapters: [5],
  },
];
