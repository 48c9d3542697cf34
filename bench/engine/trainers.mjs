import { BATCHES, makeBatches } from '../nets.mjs';

/** The nets of nets.mjs as experiment values. */
function experiment({ inputs, picture, channels = [], hidden, outputs, activation, batch, loss, lr }) {
  const convolutions = channels.flatMap((units) => [
    { kind: 'conv2d', units, kernel: 3 },
    { kind: 'batch_norm' },
    { kind: activation },
    { kind: 'pool2d', pool: 'max' },
  ]);
  const layers = [
    ...convolutions,
    ...(picture ? [{ kind: 'flatten' }] : []),
    ...hidden.flatMap((units) => [{ kind: 'linear', units }, { kind: 'batch_norm' }, { kind: activation }]),
    { kind: 'linear', units: outputs },
  ];
  return {
    version: 1,
    data: { kind: 'given' },
    batch: { size: batch },
    model: { inputs, ...(picture && { input_shape: picture }), layers },
    loss,
    optimizer: { lr },
  };
}

const inputsOf = (spec, x) => ({ shape: [x.length / spec.inputs, spec.inputs], data: x });
const targetsOf = (target) =>
  target instanceof Int32Array ? target : { shape: [target.length, 1], data: target };

/** The engine is given all examples once and takes its batches from them: shuffled every epoch, gathered every step. */
export function onOwnBatches(engine, spec) {
  const model = engine.model(experiment(spec));
  const batches = makeBatches(spec);
  const x = Float32Array.from(batches.flatMap((batch) => [...batch.x]));
  const Targets = batches[0].target.constructor;
  const target = Targets.from(batches.flatMap((batch) => [...batch.target]));
  model.setData(inputsOf(spec, x), targetsOf(target));
  const mean = ({ losses }) => losses.data.reduce((sum, loss) => sum + loss, 0) / losses.data.length;
  return {
    steps: (n) => model.train(n),
    loss: () => mean(model.train(BATCHES)),
    free: () => model.free(),
  };
}

/** Every step is a call that hands a batch over, which the engine checks and copies. */
export function onGivenBatches(engine, spec) {
  const model = engine.model(experiment(spec));
  const batches = makeBatches(spec).map(({ x, target }) => ({ x: inputsOf(spec, x), y: targetsOf(target) }));
  let next = 0;
  const step = () => {
    const { x, y } = batches[next++ % BATCHES];
    return model.step(x, y).loss;
  };
  return {
    steps(n) {
      for (let i = 0; i < n; i++) step();
    },
    loss: () => batches.reduce((sum) => sum + step(), 0) / BATCHES,
    free: () => model.free(),
  };
}
