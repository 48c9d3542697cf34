import { BATCHES, makeBatches } from '../nets.mjs';

/** The nets of nets.mjs as experiment values. */
function experiment({ inputs, hidden, outputs, activation, batch, loss, lr }, data) {
  const layers = hidden.flatMap((units) => [
    { kind: 'linear', units },
    { kind: 'batch_norm' },
    { kind: activation },
  ]);
  return {
    version: 1,
    data,
    batch: { size: batch },
    model: { inputs, layers: [...layers, { kind: 'linear', units: outputs }] },
    loss,
    optimizer: { lr },
  };
}

/** The toy net on data of its own, which the engine draws, shuffles and gathers. */
export function onOwnData(engine, spec) {
  const model = engine.model(experiment(spec, { kind: 'circles', count: spec.batch * BATCHES }));
  const mean = ({ losses }) => losses.data.reduce((sum, loss) => sum + loss, 0) / losses.data.length;
  return { steps: (n) => model.train(n), loss: () => mean(model.train(BATCHES)), free: () => model.free() };
}

/** Batches handed over call by call. */
export function onGivenBatches(engine, spec) {
  const model = engine.model(experiment(spec, { kind: 'given' }));
  const batches = makeBatches(spec).map(({ x, target }) => ({
    x: { shape: [spec.batch, spec.inputs], data: x },
    y: target instanceof Int32Array ? target : { shape: [spec.batch, spec.outputs], data: target },
  }));
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
