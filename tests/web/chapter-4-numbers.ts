import type { Engine } from '../../wasm/engine.ts';
import { study as emaLag } from '../../web/components/study/studies/ema-lag.ts';
import { study as leakage } from '../../web/components/study/studies/leakage.ts';
import { tensor } from '../../web/protocol/tensor.ts';
import { outcomeOf } from './chapter-3-numbers.ts';

/** What “Training and inference” says came out. */
export function chapter4(engine: Engine) {
  const lag = outcomeOf(engine, emaLag);
  const told = outcomeOf(engine, leakage);
  const percent = (series: string, at: number) => 100 * lag.interval(series, at).mean;
  return {
    weight: { fast: weightOfStart(engine, 0.1), slow: weightOfStart(engine, 0.01) },
    lag: {
      hundred: { inference: percent('inference', 3), recalibrated: percent('recalibrated', 3) },
      last: { inference: percent('inference', 6), recalibrated: percent('recalibrated', 6) },
    },
    told: [0, 1, 2].map((at) => 100 * told.interval('right', at).mean),
  };
}

/** In percent, after 0, 1, 2, … batches. */
function weightOfStart(engine: Engine, momentum: number): number[] {
  const batches = 300;
  const zeros = tensor(new Float64Array(batches), [batches, 1]);
  const { running_mean } = engine.call('running_statistics', {
    mean: zeros,
    var: zeros,
    count: new Float64Array(batches).fill(4),
    initial_mean: Float64Array.of(1),
    initial_var: Float64Array.of(1),
    momentum,
  });
  return Array.from(running_mean.data, (value) => 100 * value);
}
