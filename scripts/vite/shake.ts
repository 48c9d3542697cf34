import type { Plugin } from 'vite';

/**
 * Leaves out more of what nothing uses: to read a property is taken to do nothing, so that a class whose static fields read some
 * need not stay. Without it Chart.js brings scales of time and angles that no chart here has: a tenth of it.
 */
export function shake(): Plugin {
  return {
    name: 'bn-shake',
    config: () => ({
      build: { rolldownOptions: { treeshake: { propertyReadSideEffects: false } } },
    }),
  };
}
