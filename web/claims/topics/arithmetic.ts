import type { TopicClaims } from '../claim.ts';

/** What batch normalization computes. */
export const arithmetic: TopicClaims = [
  {
    id: 'C3',
    statement: 'Batch normalization gives every batch mean 0 and standard deviation 1.',
    saidBy: ['questions'],
    literature: 'conditional',
    reason:
      'That is so of x̂, feature by feature, in training mode, and up to ε: the standard deviation is σ/√(σ² + ε). The output y = γx̂ + β has mean β.',
    cites: ['ioffe2015'],
    chapters: [1],
  },
  {
    id: 'C11',
    statement:
      'By the central limit theorem the inputs of a unit are normally distributed, so fixing their mean and variance fixes their distribution.',
    saidBy: ['questions'],
    literature: 'conditional',
    reason:
      'A sum of many weakly dependent terms is nearly normal: wide layers, near initial weights. Training makes the terms depend on each other.',
    chapters: [1],
  },
  {
    id: 'C15',
    statement: 'One γ and one β are shared by all components of a layer.',
    saidBy: ['questions'],
    literature: 'false',
    reason: 'There is a pair for each feature, or for each channel of a convolution.',
    cites: ['ioffe2015'],
    chapters: [1, 2],
  },
  {
    id: 'C16',
    statement: 'Normalising turns an elliptical cloud of activations into a round one.',
    saidBy: ['questions'],
    literature: 'false',
    reason:
      'Each axis is scaled by itself, so correlations between features stay as they were. Making the cloud round would take whitening.',
    cites: ['ioffe2015'],
    chapters: [1],
  },
  {
    id: 'C18',
    statement: 'A layer with batch normalization gives out other values than the same layer without.',
    saidBy: ['questions'],
    literature: 'true',
    reason: 'Unless γ and β happen to put back the very mean and spread that were taken away.',
    chapters: [1],
  },
  {
    id: 'C21',
    statement:
      'In a convolutional layer statistics, γ and β belong to a channel: the mean is taken over examples and places alike.',
    saidBy: ['questions'],
    literature: 'true',
    reason: 'So m = N·H·W numbers share a mean, and every place of a feature map is treated the same.',
    cites: ['ioffe2015'],
    chapters: [8, 1],
  },
  {
    id: 'C23',
    statement: 'The two learned numbers of batch normalization are called alpha and beta.',
    saidBy: ['questions'],
    literature: 'false',
    reason: 'They are γ (the factor) and β (what is added) in the paper and in every library.',
    cites: ['ioffe2015'],
    chapters: [1],
  },
  {
    id: 'C30',
    statement: 'Each dimension is normalised separately.',
    saidBy: ['blog'],
    literature: 'true',
    reason: 'What another feature does has no influence on a feature’s mean, variance or output.',
    cites: ['ioffe2015'],
    chapters: [1],
  },
  {
    id: 'C31',
    statement: 'ε is there so that nothing is divided by zero when a feature does not vary.',
    saidBy: ['blog'],
    literature: 'true',
    reason: 'It does more than that: a feature whose variance is of the order of ε comes out smaller than 1.',
    cites: ['ioffe2015'],
    chapters: [1],
  },
  {
    id: 'C49',
    statement: 'It is enough to fix a layer’s mean and variance to fix its distribution.',
    saidBy: ['blog'],
    literature: 'false',
    reason:
      'An affine map keeps skewness, kurtosis and the number of humps, and leaves free how features depend on each other.',
    chapters: [1, 6],
  },
  {
    id: 'C65',
    statement: 'With x = 2, 4, 6, 8, γ = 2 and β = 0.5, the outputs are −2.18, −0.40, 1.40 and 3.18.',
    saidBy: ['tutorial'],
    literature: 'conditional',
    reason:
      'The outer two are right. The inner two were computed from an x̂ that had already been rounded; they are −0.39 and 1.39.',
    chapters: [1],
  },
  {
    id: 'C71',
    statement: 'Batch normalization makes activations bell-shaped.',
    saidBy: ['tutorial'],
    literature: 'false',
    reason:
      'Subtracting a number and dividing by another moves and stretches a histogram, and keeps its shape.',
    chapters: [1],
  },
];
