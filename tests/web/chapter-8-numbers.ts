import type { Engine } from '../../wasm/engine.ts';
import { firstSeeds } from './first-seeds.ts';

/** What “When not to” says came out. */
export function chapter8(studies: Engine) {
  const study = firstSeeds(studies, 'batch-size');
  const accuracy = (arm: string) =>
    [1, 2, 4, 8, 32].map((batch) => [batch, 100 * study.mean('accuracy', arm, batch)] as const);
  const group = accuracy('gn').map(([, value]) => value);
  return {
    size: {
      batch: Object.fromEntries(accuracy('bn')),
      group: { least: Math.min(...group), most: Math.max(...group) },
    },
  };
}
