import type { Engine } from '../../wasm/engine.ts';
import { chainStep } from '../../web/components/weight-chain/step.ts';
import { firstSeeds } from './first-seeds.ts';
import { promising } from './promising.ts';

/** What “Why does it work?” says came out. */
export async function chapter6(engine: Engine, studies: Engine) {
  const chain = firstSeeds(studies, 'goodfellow-chain');
  const shift = firstSeeds(studies, 'covariate-shift');
  const { without } = await chainStep(promising(engine), 10, [0.1, 0.3]);
  const at = (index: number) => ({ predicted: without.predicted[index]!, actual: without.actual[index]! });
  return {
    chain: { tenth: { ...at(0), second: chain.mean('second-order', 'all', 10) }, third: at(1) },
    shift: {
      none: shift.mean('shift', 'none', 0.05),
      batch: shift.mean('shift', 'bn', 0.05),
      loss_none: shift.mean('loss', 'none', 0.05),
      loss_batch: shift.mean('loss', 'bn', 0.05),
    },
  };
}
