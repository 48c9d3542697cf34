import type { Engine } from '../../wasm/engine.ts';
import { firstSeeds } from './first-seeds.ts';

/** What the quiz says came out, besides what the chapters say. */
export function quizNumbers(studies: Engine) {
  const percent = (study: string) => {
    const measured = firstSeeds(studies, study);
    return (arm: string, at: number, metric = 'accuracy') => 100 * measured.mean(metric, arm, at);
  };
  const gain = percent('init-gain');
  const noisy = percent('noisy-norm');
  const norms = percent('lp-norms');
  const sorted = percent('batches-by-class');
  return {
    quiz: {
      gain: {
        none: { one: gain('none', 1), tenth: gain('none', 0.1), two: gain('none', 2) },
        batch: { tenth: gain('bn', 0.1), two: gain('bn', 2), hundred: gain('bn', 100) },
      },
      noisy: {
        high: { batch: noisy('noisy-bn', 1), none: noisy('none', 1), quiet: noisy('bn', 1) },
        low: { batch: noisy('noisy-bn', 0.1), none: noisy('none', 0.1) },
      },
      norms: { one: norms('l1', 0.5), most: norms('linf', 0.5), batch: norms('bn', 0.5) },
      class: {
        batch: sorted('bn', 1),
        group: sorted('gn', 1),
        none: sorted('none', 1),
        recalibrated: sorted('bn', 1, 'recalibrated'),
      },
    },
  };
}
