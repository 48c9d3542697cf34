import type { EmbedFigureName } from '../protocol/embed.ts';

/** The code of each figure, fetched when it is wanted; that defines its element. */
export const LOADERS: Readonly<Partial<Record<EmbedFigureName, () => Promise<unknown>>>> = {
  'worked-example': () => import('../components/worked-example/worked-example.ts'),
  lab: () => import('../components/lab/lab.ts'),
  claim: () => import('../components/claim/claim.ts'),
  study: () => import('../components/study/study.ts'),
  quiz: () => import('../components/quiz/quiz.ts'),
  'weight-scale': () => import('../components/neuron/weight-scale.ts'),
  'same-function': () => import('../components/neuron/same-function.ts'),
  'identity-again': () => import('../components/neuron/identity-again.ts'),
  'norm-balance': () => import('../components/neuron/norm-balance.ts'),
  'deep-network': () => import('../components/deep-network/deep-network.ts'),
  'weight-chain': () => import('../components/weight-chain/weight-chain.ts'),
  'averaged-over': () => import('../components/averaged-over/averaged-over.ts'),
  'running-average': () => import('../components/running-average.ts'),
};
