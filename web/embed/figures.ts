/** The code of each figure by its element, fetched when it is wanted; that defines the element. */
export const LOADERS: Readonly<Record<`bn-${string}`, () => Promise<unknown>>> = {
  'bn-averaged-over': () => import('../components/averaged-over/averaged-over.ts'),
  'bn-claim': () => import('../components/claim/claim.ts'),
  'bn-deep-network': () => import('../components/deep-network/deep-network.ts'),
  'bn-identity-again': () => import('../components/neuron/identity-again.ts'),
  'bn-lab': () => import('../components/lab/lab.ts'),
  'bn-norm-balance': () => import('../components/neuron/norm-balance.ts'),
  'bn-quiz': () => import('../components/quiz/quiz.ts'),
  'bn-running-average': () => import('../components/running-average.ts'),
  'bn-same-function': () => import('../components/neuron/same-function.ts'),
  'bn-study': () => import('../components/study/study.ts'),
  'bn-weight-chain': () => import('../components/weight-chain/weight-chain.ts'),
  'bn-weight-scale': () => import('../components/neuron/weight-scale.ts'),
  'bn-worked-example': () => import('../components/worked-example/worked-example.ts'),
};
