/**
 * ConvNetJS, which has no batch normalization: the same networks without it. It computes one example at a time, so a
 * step is `batch` calls of train(). Its loss for one output is the squared error, there being no binary cross-entropy.
 */
import convnetjs from 'convnetjs';
import { serve } from '../contestant.mjs';
import { makeBatches, NETS } from '../nets.mjs';

await serve({ name: 'ConvNetJS 0.3.0', note: 'no BN exists there: the same nets without it' }, (workload) => {
  const spec = NETS[workload];
  const [depth, height, width] = spec.picture ?? [spec.inputs, 1, 1];
  const net = new convnetjs.Net();
  net.makeLayers([
    { type: 'input', out_sx: width, out_sy: height, out_depth: depth },
    ...(spec.channels ?? []).flatMap((filters) => [
      { type: 'conv', sx: 3, filters, stride: 1, pad: 1, activation: spec.activation },
      { type: 'pool', sx: 2, stride: 2 },
    ]),
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
      vol: volume(x.subarray(i * spec.inputs, (i + 1) * spec.inputs), width, height, depth),
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

/** One example. The library has the channels of a pixel side by side. */
function volume(values, width, height, depth) {
  const vol = new convnetjs.Vol(width, height, depth, 0);
  values.forEach((value, i) => {
    const pixel = i % (width * height);
    vol.set(pixel % width, Math.floor(pixel / width), Math.floor(i / (width * height)), value);
  });
  return vol;
}
