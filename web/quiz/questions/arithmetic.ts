import type { Questions } from '../question.ts';

/** What batch normalization computes. */
export const arithmetic: Questions = [
  {
    id: 'outputs',
    chapters: [1],
    claims: ['C3', 'C18'],
    experiments: ['E1b'],
    kind: 'one',
    text: 'A layer with batch normalization is in training mode. Do the values y that it gives out have mean 0 and variance 1?',
    options: [
      {
        text: 'Yes: that is what normalising means.',
        why: 'It means it for x̂. But a layer with batch normalization gives out y = γx̂ + β, one step further.',
      },
      {
        text: 'Yes, as long as ε is small.',
        why: 'ε makes the spread of x̂ a little smaller than 1. It has nothing to do with γ and β, which come afterwards and may be anything.',
      },
      {
        text: 'Only in inference mode, since the running statistics are more exact.',
        why: 'The other way round: the batch’s own statistics make x̂ exact in training mode. In inference mode stored numbers are used, and no batch need fit them.',
      },
      {
        text: 'No. Over the batch their mean is β, and their standard deviation |γ|·σ/√(σ² + ε).',
        right: true,
        why: 'Only x̂ is standardised, and even that up to ε. Then γ and β are learned, and y has whatever mean and spread they say.',
      },
    ],
    see: { text: 'The last step of the worked example', href: 'a-batch-normalised.html#we=1;step=6' },
  },
  {
    id: 'per-feature',
    chapters: [1],
    claims: ['C30', 'C21', 'C15'],
    experiments: ['E2b', 'E18b'],
    kind: 'one',
    text: 'Mean and variance are computed, and γ and β are learned, separately for each …',
    options: [
      {
        text: 'dimension: each feature of a fully connected layer, each channel of a convolution.',
        right: true,
        why: 'Each column of the batch is treated as if there were no other. In a convolution all positions of a channel count as one column.',
      },
      {
        text: 'example.',
        why: 'That is layer normalization: it averages over the features of one example. Batch normalization averages over the examples of one feature.',
      },
      {
        text: 'layer, over all its values at once.',
        why: 'Then a feature in metres would drown one in millimetres. Batch normalization gives each feature statistics of its own.',
      },
      {
        text: 'mini-batch: each has a γ and a β of its own.',
        why: 'Each batch has a mean and a variance of its own. γ and β are parameters like any weight, the same for all batches.',
      },
    ],
    see: {
      text: 'Two features, each normalised by itself',
      href: 'a-batch-normalised.html#we=1;x=1,300/2,100/4,400/5,200;gamma=1,1;beta=0,0;feature=1;step=3',
    },
  },
  {
    id: 'two-values',
    chapters: [1, 8],
    claims: ['C68', 'C66'],
    experiments: ['E1b', 'E18'],
    kind: 'one',
    text: 'A fully connected layer gets a batch of two different examples. What can x̂ be in training mode, if ε is negligible?',
    options: [
      {
        text: '0 for both: two values are too few for a spread.',
        why: 'They have one: each lies half their distance from the mean, and that is also σ. So the quotient is 1. It would be 0 for a batch of one.',
      },
      {
        text: 'Anything: it follows a standard normal distribution.',
        why: 'Normalising sets mean and spread and makes no bell curve. With m values nothing lies farther out than √(m − 1).',
      },
      {
        text: '+1 for the larger value and −1 for the smaller one, whatever they are.',
        right: true,
        why: 'Of two values only their order is left. In general |x̂| is at most √(m − 1), and here √1 = 1. It is why batches of two teach a fully connected network so little.',
      },
      {
        text: 'It depends on how far the two values lie apart.',
        why: 'Their distance cancels: x − μ and σ are both half of it.',
      },
    ],
    see: { text: 'A batch of two, normalised', href: 'a-batch-normalised.html#we=1;preset=two;step=3' },
  },
  {
    id: 'decorrelate',
    chapters: [1],
    claims: ['C16', 'C49', 'C71'],
    experiments: ['E2b', 'E36b'],
    kind: 'one',
    text: 'Two features of a layer are correlated: plotted against each other the examples form a slanted ellipse. What does batch normalization make of it?',
    options: [
      {
        text: 'A circle: both features now have variance 1.',
        why: 'Equal widths along both axes are not yet a circle. The cloud still leans; the two features still say partly the same.',
      },
      {
        text: 'Each axis is shifted and rescaled; the correlation stays exactly what it was.',
        right: true,
        why: 'A correlation does not change when each feature is shifted and divided by a number of its own. Batch normalization does nothing else.',
      },
      {
        text: 'It whitens the features: they are no longer correlated.',
        why: 'Whitening needs the covariance of all pairs of features. Batch normalization looks at one feature at a time, which is what makes it cheap.',
      },
      {
        text: 'Two bell curves: each feature becomes normally distributed.',
        why: 'A shift and a division by a constant keep the shape. What had two humps has two humps.',
      },
    ],
    see: { text: 'The claim that ellipses become circles', href: 'claims.html#C16' },
  },
];
