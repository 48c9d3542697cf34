/**
 * A chapter's figures load when they come near the screen, so that reading costs only the text. What stands inside them is
 * there from the start.
 */
const FIGURES: Readonly<Record<string, () => Promise<unknown>>> = {
  'bn-lab': () => import('../components/lab/lab.ts'),
  'bn-running-average': () => import('../components/running-average.ts'),
  'bn-study': () => import('../components/study/study.ts'),
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
