import type { Engine } from '../../wasm/engine.ts';
import { identityAgain } from '../../web/components/neuron/identity-again-numbers.ts';
import type { Client } from '../../web/components/neuron/neuron-data.ts';
import { sameFunction } from '../../web/components/neuron/same-function-numbers.ts';
import { weightScale } from '../../web/components/neuron/weight-scale-numbers.ts';
import { firstSeeds } from './first-seeds.ts';

/** The engine as figures know it. */
export const asClient = (engine: Engine): Client => ({
  call: (operation, args) => Promise.resolve(engine.call(operation, args)),
  close: () => undefined,
});

/** What “γ and β: the handshake with SGD” says came out. */
export async function chapter2(engine: Engine, studies: Engine) {
  const client = asClient(engine);
  const again = await identityAgain(client, { lr: 0.1, start: -3 });
  const { normalised, plain } = await sameFunction(client, { lr: 0.1, scale: 1, shift: 0 });
  const { before, now } = await weightScale(client, { a: 2, bias: 0, gamma: 1 });
  const told = ({ gradient_norm, effective_lr, turn, weight_norm }: typeof now) => ({
    gradient_norm,
    effective_lr,
    turn,
    weight_norm,
  });
  const left = firstSeeds(studies, 'denormalise');
  const map = firstSeeds(studies, 'reparametrised');
  const scaled = firstSeeds(studies, 'effective-lr');
  const alone = firstSeeds(studies, 'gamma-beta-only');
  const percent = (arm: string, lr: number) => 100 * map.mean('accuracy', arm, lr);
  const learned = (arm: string) => 100 * alone.mean('accuracy', arm);
  return {
    left: {
      four: left.mean('training', 'learned', 4),
      some: left.mean('training', 'learned', 64),
      all: left.mean('training', 'learned', 256),
    },
    map: {
      low: { bn: percent('bn', 0.1), affine: percent('affine', 0.1) },
      high: { bn: percent('bn', 1), affine: percent('affine', 1), none: percent('none', 1) },
    },
    scaled: {
      usual: scaled.mean('loss', 'usual', 100),
      larger: scaled.mean('loss', 'larger', 100),
      smaller: scaled.mean('loss', 'smaller', 100),
    },
    alone: {
      affine: learned('gamma-beta'),
      last: learned('last'),
      both: learned('both'),
      all: learned('all'),
    },
    again: { gamma: again.gamma.at(-1)!, beta: again.beta.at(-1)!, std: again.std, mean: again.mean },
    same: { calm: { normalised, plain } },
    neuron: { before: told(before), now: told(now) },
  };
}
