import type { TopicClaims } from '../claim.ts';

/** Why does it work? ICS is internal covariate shift. */
export const why: TopicClaims = [
  {
    id: 'C4',
    statement: 'If SGD has to change all weights of a layer to move its mean, learning loses its stability.',
    saidBy: ['questions'],
    literature: 'contested',
    reason: 'A way to think about it rather than a result: nobody has defined the stability that is meant.',
    cites: ['goodfellow2016'],
    chapters: [6],
  },
  {
    id: 'C45',
    statement:
      'Backpropagation updates each layer as though the others stood still, but they all move. That is internal covariate shift.',
    saidBy: ['blog'],
    literature: 'conditional',
    reason:
      'The first sentence is right. The shift was defined as a change of the distribution of a layer’s inputs; this version, by gradients, is a later one.',
    cites: ['ioffe2015', 'santurkar2018'],
    chapters: [6],
  },
  {
    id: 'C46',
    statement: 'A small learning rate lessens internal covariate shift, but makes learning slow.',
    saidBy: ['blog'],
    literature: 'true',
    reason: 'Layers that move less shift each other’s inputs less.',
    cites: ['ioffe2015'],
    chapters: [6],
  },
  {
    id: 'C47',
    statement:
      'Batch normalization reduces internal covariate shift: a layer no longer aims at a moving target.',
    saidBy: ['blog', 'tutorial', 'ioffe2015'],
    literature: 'contested',
    reason:
      'Mean and variance are steadied by construction. How much a layer’s gradient changes because the layers below moved is often not less, and can be more.',
    cites: ['ioffe2015', 'santurkar2018'],
    chapters: [6],
  },
  {
    id: 'C48',
    statement: 'Little internal covariate shift makes learning efficient.',
    saidBy: ['blog', 'ioffe2015'],
    literature: 'contested',
    reason:
      'Against it: networks with noise added after batch normalization train as well. For it: a normalisation with all but the reduced shift trained badly.',
    cites: ['santurkar2018', 'awais2020'],
    chapters: [6],
  },
  {
    id: 'C50',
    statement:
      'γ and β keep moving during training, so with batch normalization distributions shift as much as without.',
    saidBy: ['blog'],
    literature: 'false',
    reason:
      'They do move, but they are two slow numbers, where without normalisation all weights below can move a unit’s mean.',
    chapters: [6],
  },
  {
    id: 'C51',
    statement:
      'There is no experiment that tells whether internal covariate shift explains batch normalization.',
    saidBy: ['blog'],
    literature: 'false',
    reason: 'It has been measured, increased on purpose, and kept while all else was changed.',
    cites: ['santurkar2018', 'bjorck2018', 'awais2020'],
    chapters: [6],
  },
  {
    id: 'C52',
    statement: 'Batch normalization works because it permits high learning rates.',
    saidBy: ['blog', 'bjorck2018'],
    literature: 'conditional',
    reason:
      'At small learning rates the networks of the paper hardly differ, and without normalisation large ones make activations grow without limit.',
    cites: ['bjorck2018'],
    chapters: [5, 6],
  },
  {
    id: 'C53',
    statement:
      'A gradient step counts on first-order effects only. In deep networks those of higher order take over, and batch normalization tames them.',
    saidBy: ['blog', 'goodfellow2016'],
    literature: 'conditional',
    reason:
      'Exact in a chain of linear units. That a network without γ and β trains as well is no objection: the next layer’s weights can rescale.',
    cites: ['goodfellow2016'],
    chapters: [6],
  },
  {
    id: 'C54',
    statement:
      'It is like steering by velocity alone, without a look at the acceleration: with large steps one ends up elsewhere.',
    saidBy: ['blog'],
    literature: 'true',
    reason: 'The remainder of Taylor’s formula grows with the square of the step.',
    cites: ['goodfellow2016'],
    chapters: [6],
  },
  {
    id: 'C56',
    statement: 'Batch normalization often increases internal covariate shift.',
    saidBy: ['blog', 'santurkar2018'],
    literature: 'conditional',
    reason:
      'As the change of a layer’s gradient: clearly in deep linear networks. With ReLU it depends on the learning rate and on the phase of training.',
    cites: ['santurkar2018'],
    chapters: [6],
  },
  {
    id: 'C57',
    statement: 'A deep linear network without batch normalization has almost no internal covariate shift.',
    saidBy: ['blog', 'santurkar2018'],
    literature: 'true',
    reason: 'By the same measure, at the small learning rates it can be trained with.',
    cites: ['santurkar2018'],
    chapters: [6],
  },
  {
    id: 'C58',
    statement:
      'A network with batch normalization and noise that shifts its activations on purpose trains as well as without the noise, and better than a network without normalisation.',
    saidBy: ['blog', 'santurkar2018'],
    literature: 'conditional',
    reason: 'Where the network without normalisation struggles; at a small learning rate it may be ahead.',
    cites: ['santurkar2018'],
    chapters: [6],
  },
  {
    id: 'C59',
    statement: 'The same noise keeps a network without batch normalization from learning at all.',
    saidBy: ['blog', 'santurkar2018'],
    literature: 'conditional',
    reason: 'At high learning rates. At low ones it learns less, but learns.',
    cites: ['santurkar2018'],
    chapters: [6],
  },
  {
    id: 'C60',
    statement: 'Batch normalization makes the loss and its gradients smoother.',
    saidBy: ['blog', 'santurkar2018'],
    literature: 'conditional',
    reason:
      'Along the direction of a step, after the early phase and at learning rates that are not small. Smoothness is not unchanged by scaling the weights, which makes it hard to compare.',
    cites: ['santurkar2018'],
    chapters: [6],
  },
  {
    id: 'C61',
    statement:
      'Other norms in place of the standard deviation (ℓ₁, ℓ∞) do as well, although they fix no variance.',
    saidBy: ['blog', 'santurkar2018'],
    literature: 'true',
    reason: 'Confirmed for ℓ₁ and ℓ∞ by others, who wanted to save the square and the root.',
    cites: ['santurkar2018', 'hoffer2018'],
    chapters: [6],
  },
  {
    id: 'C62',
    statement:
      'A function whose gradient changes at most β times as fast as its argument is called β-Lipschitz.',
    saidBy: ['blog'],
    literature: 'false',
    reason: 'It is called β-smooth. Lipschitz says the same of the function’s values.',
    cites: ['santurkar2018'],
    chapters: [6],
  },
  {
    id: 'C63',
    statement:
      'It has been proved that batch normalization’s success has nothing to do with internal covariate shift.',
    saidBy: ['blog'],
    literature: 'false',
    reason:
      'The paper says that the link is tenuous at best, and shows networks that train well in spite of more shift. A later one finds that reducing it is needed.',
    cites: ['santurkar2018', 'awais2020'],
    chapters: [6],
  },
];
