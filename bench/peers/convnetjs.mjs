/**
 * ConvNetJS, which has no batch normalization: the same networks without it. It computes one example at a time, so a
 * step is `batch` calls of train(). Its loss for one output is the squared error, there being no binary cross-entropy.
 */
import convnetjs from 'convnetjs';
import { serve } from '../contestant.mjs';
import { makeBatches, NETS } from '../nets.mjs';

await serve({ name: 'ConvNetJS 0.3.0', note: 'no BN exists there: the same nets without it' }, (workload) => {
  const spec = NETS[workload];
  const net = new convnetjs.Net();
  net.makeLayers([
    { type: 'input', out_sx: 1, out_sy: 1, out_depth: spec.inputs },
    ...spec.hidden.map((num_neurons) => ({ type: 'fc', num_neurons, activation: spec.activation })),
    spec.outputs === 1
      ? { type: 'regression', num_neurons: 1 }
      : { type: 'softmax', num_classes: spec.outputs },
  ]);
  const trainer = new convnetjs.Trainer(net, {
    method: 'sgd',
    learning_rate: spec.lr,
    momentum: 0,
    batch_size: spec.batch,
  });
  const batches = makeBatches(spec).map(({ x, target }) =>
    Array.from(target, (label, i) => ({
      vol: new convnetjs.Vol(Array.from(x.subarray(i * spec.inputs, (i + 1) * spec.inputs))),
      label: spec.outputs === 1 ? [label] : label,
    })),
  );
  let next = 0;
  const step = () => {
    let loss = 0;
    for (const { vol, label } of batches[next++ % batches.length])
      loss += trainer.train(vol, label).cost_loss;
    return loss / spec.batch;
  };
  return {
    steps(n) {
      for (let i = 0; i < n; i++) step();
    },
    loss: () => batches.reduce((sum) => sum + step(), 0) / batches.length,
    free() {},
  };
});
