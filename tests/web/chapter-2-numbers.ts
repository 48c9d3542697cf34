import type { Engine } from '../../wasm/engine.ts';
import { identityAgain } from '../../web/components/neuron/identity-again-numbers.ts';
import type { Client } from '../../web/components/neuron/neuron-data.ts';
import { sameFunction } from '../../web/components/neuron/same-function-numbers.ts';
import { weightScale } from '../../web/components/neuron/weight-scale-numbers.ts';

/** The engine as figures know it. */
export const asClient = (engine: Engine): Client => ({
  call: (operation, args) => Promise.resolve(engine.call(operation, args)),
  close: () => undefined,
});

/** What “γ and β: the handshake with SGD” says of its figures. */
export async function chapter2(engine: Engine) {
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
  return {
    again: { gamma: again.gamma.at(-1)!, beta: again.beta.at(-1)!, std: again.std, mean: again.mean },
    same: { calm: { normalised, plain } },
    neuron: { before: told(before), now: told(now) },
  };
}
