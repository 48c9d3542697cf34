import type { Engine } from '../../wasm/engine.ts';
import { createData, type DeepSignals, observe } from '../../web/components/deep-network/observe.ts';
import { type DeepSettings, FIRST } from '../../web/components/deep-network/settings.ts';
import { growthOf, THEORY } from '../../web/components/deep-network/words.ts';
import { promising } from './promising.ts';

/** What the figures of “Deep networks” show with these settings. */
export async function lookAt(engine: Engine, settings: Partial<DeepSettings>): Promise<DeepSignals> {
  const caller = promising(engine);
  return observe(caller, await createData(caller), { ...FIRST, ...settings });
}

/** What “Deep networks” says came out. */
export async function chapter5(engine: Engine) {
  const sigmoid = await lookAt(engine, { depth: 10, activation: 'sigmoid' });
  const relu = await lookAt(engine, { depth: 20 });
  const sigmoids = await lookAt(engine, { depth: 20, activation: 'sigmoid' });
  return {
    sigmoid: { std: sigmoid.none.layers[9]!.std },
    growth: {
      theory: THEORY,
      batch: growthOf(relu.batch)!,
      none: growthOf(relu.none)!,
      sigmoid: growthOf(sigmoids.batch)!,
    },
  };
}
