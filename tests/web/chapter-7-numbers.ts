import type { Engine } from '../../wasm/engine.ts';
import { normBalance } from '../../web/components/neuron/norm-balance-numbers.ts';
import { asClient } from './chapter-2-numbers.ts';

/** What “Using it well” says of its figure, and of ReLU and dropout on a standard normal. */
export async function chapter7(engine: Engine) {
  const [run] = await normBalance(asClient(engine), { lr: 0.3, decay: 0.01 });
  // ReLU of a standard normal: mean 1/√(2π), mean of squares ½.
  const squares = 1 / 2;
  const variance = squares - 1 / (2 * Math.PI);
  const p = 0.5;
  const heavy = variance + (p / (1 - p)) * squares;
  return {
    dropped: { var: variance, heavy, ratio: variance / heavy },
    balance: {
      length: run!.weight_norm.data.at(-1)!,
      turn: run!.turn_rms,
      theory: run!.turn_in_balance,
    },
  };
}
