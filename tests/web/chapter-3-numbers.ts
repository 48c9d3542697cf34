import type { Engine } from '../../wasm/engine.ts';
import { measured } from './study-numbers.ts';

/** What “One, some or all” says came out. */
export function chapter3(studies: Engine) {
  const noise = measured(studies, 'gradient-noise');
  const well = measured(studies, 'double-well');
  const fixed = measured(studies, 'fixed-batches');
  const at = (batch: number) => noise.mean('noise', 'none', batch);
  const escaped = (batch: number) => 100 * well.mean('escaped', 'weight', batch);
  const crossings = well.quantity('back-and-forth');
  return {
    noise: {
      slope: noise.quantity('slope'),
      ratio: noise.mean('relative', 'none', 1),
      one: at(1),
      most: at(256),
    },
    well: { one: escaped(1), two: escaped(2), four: escaped(4), eight: escaped(8), crossings },
    fixed: { batch: 100 * fixed.quantity('norm'), none: 100 * fixed.quantity('without') },
  };
}
