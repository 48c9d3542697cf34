/**
 * A chapter's figures load when they come near the screen, so that reading costs only the text. What stands inside them is
 * there from the start.
 */
const FIGURES: Readonly<Record<string, () => Promise<unknown>>> = {
  'bn-averaged-over': () => import('../components/averaged-over/averaged-over.ts'),
  'bn-claim': () => import('../components/claim/claim.ts'),
  'bn-deep-network': () => import('../components/deep-network/deep-network.ts'),
  'bn-identity-again': () => import('../components/neuron/identity-again.ts'),
  'bn-lab': () => import('../components/lab/lab.ts'),
  'bn-norm-balance': () => import('../components/neuron/norm-balance.ts'),
  'bn-running-average': () => import('../components/running-average.ts'),
  'bn-same-function': () => import('../components/neuron/same-function.ts'),
  'bn-study': () => import('../components/study/study.ts'),
  'bn-weight-chain': () => import('../components/weight-chain/weight-chain.ts'),
  'bn-weight-scale': () => import('../components/neuron/weight-scale.ts'),
};

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      void FIGURES[target.localName]?.();
    }
  },
  { rootMargin: '100% 0px' },
);
for (const figure of document.querySelectorAll(Object.keys(FIGURES).join())) watcher.observe(figure);
