import type { Engine } from '../../wasm/engine.ts';
import { tensor } from '../../web/protocol/tensor.ts';
import { measured } from './study-numbers.ts';

/** What “Training and inference” says came out. */
export function chapter4(engine: Engine, studies: Engine) {
  const lag = measured(studies, 'ema-lag');
  const told = measured(studies, 'leakage');
  const right = (arm: string) => 100 * told.mean('accuracy', arm);
  const after = (step: number) => ({
    inference: 100 * lag.mean('accuracy', 'inference', step),
    recalibrated: 100 * lag.mean('accuracy', 'recalibrated', step),
  });
  return {
    weight: { fast: weightOfStart(engine, 0.1), slow: weightOfStart(engine, 0.01) },
    lag: { hundred: after(100), last: after(600) },
    told: {
      training: right('training'),
      inference: right('inference'),
      without: right('without'),
      own: right('own'),
    },
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
