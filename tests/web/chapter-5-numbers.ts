import type { Engine } from '../../wasm/engine.ts';
import { createData, type DeepSignals, observe } from '../../web/components/deep-network/observe.ts';
import { type DeepSettings, FIRST } from '../../web/components/deep-network/settings.ts';
import { growthOf, THEORY } from '../../web/components/deep-network/words.ts';
import { firstSeeds } from './first-seeds.ts';
import { promising } from './promising.ts';

/** What the figures of “Deep networks” show with these settings. */
export async function lookAt(engine: Engine, settings: Partial<DeepSettings>): Promise<DeepSignals> {
  const caller = promising(engine);
  return observe(caller, await createData(caller), { ...FIRST, ...settings });
}

/** What “Deep networks” says came out. */
export async function chapter5(engine: Engine, studies: Engine) {
  const sweep = firstSeeds(studies, 'learning-rate-sweep');
  const accuracy = (arm: string, lr: number) => 100 * sweep.mean('accuracy', arm, lr);
  const collapse = firstSeeds(studies, 'rank-collapse');
  const sigmoid = await lookAt(engine, { depth: 10, activation: 'sigmoid' });
  const relu = await lookAt(engine, { depth: 20 });
  const sigmoids = await lookAt(engine, { depth: 20, activation: 'sigmoid' });
  return {
    sweep: {
      none: accuracy('none', 1),
      batch: accuracy('bn', 1),
      none_low: accuracy('none', 0.1),
      batch_low: accuracy('bn', 0.1),
    },
    cosine: {
      theory: 1 / Math.PI,
      none: collapse.mean('cosine', 'none', 20),
      batch: collapse.mean('cosine', 'bn', 20),
    },
    sigmoid: { std: sigmoid.none.layers[9]!.std },
    growth: {
      theory: THEORY,
      batch: growthOf(relu.batch)!,
      none: growthOf(relu.none)!,
      sigmoid: growthOf(sigmoids.batch)!,
    },
  };
}
