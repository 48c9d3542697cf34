import type { TopicClaims } from '../claim.ts';

/** γ and β, and what SGD does with them. */
export const affine: TopicClaims = [
  {
    id: 'C1',
    statement: 'SGD can undo the normalisation, if that lowers the loss.',
    saidBy: ['questions'],
    literature: 'conditional',
    reason:
      'γ and β can bring back a feature’s mean and scale. What depends on the batch at hand stays: two batches with the same example still give it two values.',
    cites: ['ioffe2015'],
    chapters: [2],
  },
  {
    id: 'C2',
    statement:
      'To undo the normalisation SGD has to change only two weights per activation, instead of all weights of a layer.',
    saidBy: ['questions'],
    literature: 'conditional',
    reason:
      'Two numbers are enough to express it. But SGD does not choose them alone: a step changes every weight that has a gradient.',
    cites: ['goodfellow2016'],
    chapters: [2],
  },
  {
    id: 'C5',
    statement: 'γ and β are chosen anew for every mini-batch.',
    saidBy: ['questions'],
    literature: 'false',
    reason:
      'μ and σ are. γ and β are parameters like weights: the same for all batches, changed by SGD step by step.',
    cites: ['ioffe2015'],
    chapters: [2, 1],
  },
  {
    id: 'C6',
    statement:
      'Normalising is pointless: learn γ′ = γ/√(σ² + ε) and β′ = β − γ′μ instead, and the layer is the same.',
    saidBy: ['questions'],
    literature: 'false',
    reason:
      'It is the same map for one fixed batch. Its gradients are others, it does not follow when μ and σ change, and it does not keep its output when the weights before it are scaled.',
    cites: ['goodfellow2016'],
    chapters: [2],
  },
  {
    id: 'C10',
    statement:
      'γ and β are indispensable: without them activations stay where the nonlinearity is almost linear.',
    saidBy: ['questions'],
    literature: 'conditional',
    reason:
      'A sigmoid is nearly straight between −1 and 1, so there is something in it. A ReLU bends at 0, in the middle of what it is given.',
    cites: ['ioffe2015'],
    chapters: [2, 7],
  },
  {
    id: 'C13',
    statement:
      'With γ and β the layer can express the same functions as before, but learning goes another way: the mean now hangs on β alone, not on all weights before it.',
    saidBy: ['questions', 'goodfellow2016'],
    literature: 'conditional',
    reason:
      'Exactly so in training mode, per feature and per batch, and while ε is small beside the variance.',
    cites: ['goodfellow2016'],
    chapters: [2, 6],
  },
  {
    id: 'C14',
    statement: 'It is a problem if γ becomes negative.',
    saidBy: ['questions'],
    literature: 'false',
    reason:
      '(W, γ) and (−W, −γ) are the same function: a mirror. γ = 0 is the special point, where W has no gradient, but γ has one. Take care with max-pooling moved across it, and when pruning by |γ|.',
    chapters: [2],
  },
  {
    id: 'C55',
    statement: 'By learning γ and β the network can get the original distribution of a layer back.',
    saidBy: ['blog', 'ioffe2015'],
    literature: 'conditional',
    reason:
      'With γ = √(σ² + ε) and β = μ, as far as σ and μ are the same from batch to batch. SGD finds them only if the loss asks for it.',
    cites: ['ioffe2015'],
    chapters: [2],
  },
  {
    id: 'C82',
    statement: 'Training γ and β alone, with all other weights left random, teaches a network something.',
    saidBy: ['frankle2020'],
    literature: 'conditional',
    reason:
      'Much more than chance, much less than training everything; best in very deep and wide residual networks.',
    cites: ['frankle2020'],
    chapters: [2],
  },
];
