import type { Engine } from '../../wasm/engine.ts';
import { chainStep } from '../../web/components/weight-chain/step.ts';
import { promising } from './promising.ts';

/** What “Why does it work?” says came out. */
export async function chapter6(engine: Engine) {
  const { without } = await chainStep(promising(engine), 10, [0.1, 0.3]);
  const at = (index: number) => ({ predicted: without.predicted[index]!, actual: without.actual[index]! });
  return { chain: { tenth: at(0), third: at(1) } };
}
