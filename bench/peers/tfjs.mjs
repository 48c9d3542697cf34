/**
 * TensorFlow.js, in three forms:
 *   ops      BN from tf operations, gradients by TensorFlow.js's own tape, tf.train.sgd: its fastest ordinary form;
 *   layers   tf.layers with batchNormalization() and trainOnBatch(), what its tutorials teach;
 *   by-hand  the backward pass and the update written out in tf operations: no tape, the fastest it can be made to go.
 * All forms keep running statistics. Every tensor of a step is disposed by the end of it.
 *
 * Usage: node tfjs.mjs wasm|cpu ops|layers|by-hand
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { serve } from '../contestant.mjs';
import { makeBatches, NETS } from '../nets.mjs';

const [backend, form] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
const { layers, sequential } = require('@tensorflow/tfjs-layers'); // registers the gradients of the operations as well

console.warn = () => {}; // the advice to install tfjs-node
if (backend === 'wasm') {
  const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '/'));
} else {
  require('@tensorflow/tfjs-backend-cpu');
}
tf.enableProdMode();
await tf.setBackend(backend);
await tf.ready();

const EPS = 1e-5;
const MOMENTUM = 0.1; // the weight of the new statistic, as in PyTorch
const FORMS = { ops: withOperations, layers: withLayers, 'by-hand': byHand };
const NAMES = { ops: 'tf operations', layers: 'tf.layers', 'by-hand': 'backward pass by hand' };

const about = {
  name: `TensorFlow.js ${tf.version_core} ${backend}, ${NAMES[form]}`,
  note:
    backend === 'wasm'
      ? `SIMD ${await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')}, one thread`
      : 'one thread',
};

await serve(about, (workload) => {
  const spec = NETS[workload];
  const tensorsBefore = tf.memory().numTensors;
  const batches = makeBatches(spec).map(({ x, target }) => ({
    x: tf.tensor2d(x, [spec.batch, spec.inputs]),
    y: tf.tidy(() =>
      spec.outputs === 1
        ? tf.tensor2d(target, [spec.batch, 1])
        : tf.cast(tf.oneHot(tf.tensor1d(target, 'int32'), spec.outputs), 'float32'),
    ),
  }));
  const { train, free } = FORMS[form](spec);
  let next = 0;
  const step = (wanted) => {
    const { x, y } = batches[next++ % batches.length];
    return train(x, y, wanted);
  };
  return {
    async steps(n) {
      for (let i = 0; i < n; i++) await step(false);
    },
    async loss() {
      let sum = 0;
      for (let i = 0; i < batches.length; i++) sum += await step(true);
      return sum / batches.length;
    },
    free() {
      free();
      for (const { x, y } of batches) tf.dispose([x, y]);
      const leaked = tf.memory().numTensors - tensorsBefore;
      if (leaked > 0) throw new Error(`${leaked} tensors were not disposed`);
    },
  };
});

/** The parts of the network: weight (in, out) and bias of each linear layer; gamma, beta and running statistics of each BN. */
function parameters({ inputs, hidden, outputs }) {
  const widths = [inputs, ...hidden, outputs];
  return widths.slice(1).map((units, i) => {
    const linear = {
      weight: tf.tidy(() => tf.variable(tf.randomNormal([widths[i], units], 0, Math.sqrt(2 / widths[i])))),
      bias: tf.tidy(() => tf.variable(tf.zeros([units]))),
    };
    if (i === hidden.length) return linear;
    return {
      ...linear,
      gamma: tf.tidy(() => tf.variable(tf.ones([units]))),
      beta: tf.tidy(() => tf.variable(tf.zeros([units]))),
      runningMean: tf.tidy(() => tf.variable(tf.zeros([units]), false)),
      runningVar: tf.tidy(() => tf.variable(tf.ones([units]), false)),
    };
  });
}

function updateRunningStatistics(layer, mean, variance, batch) {
  const blend = (running, value, weight) =>
    running.assign(tf.add(tf.mul(running, 1 - MOMENTUM), tf.mul(tf.reshape(value, running.shape), weight)));
  blend(layer.runningMean, mean, MOMENTUM);
  blend(layer.runningVar, variance, (MOMENTUM * batch) / (batch - 1));
}

function activate(spec, h) {
  return spec.activation === 'relu' ? tf.relu(h) : tf.sigmoid(h);
}

function lossOf(spec, z, y) {
  return spec.loss === 'cross_entropy'
    ? tf.losses.softmaxCrossEntropy(y, z)
    : tf.losses.sigmoidCrossEntropy(y, z);
}

function withOperations(spec) {
  const parts = parameters(spec);
  const optimizer = tf.train.sgd(spec.lr);
  const eps = tf.scalar(EPS);
  const forward = (x) =>
    parts.reduce((h, layer) => {
      const z = tf.add(tf.matMul(h, layer.weight), layer.bias);
      if (!layer.gamma) return z;
      const mean = tf.mean(z, 0, true);
      const centered = tf.sub(z, mean);
      const variance = tf.mean(tf.square(centered), 0, true);
      updateRunningStatistics(layer, mean, variance, spec.batch);
      const scale = tf.mul(tf.rsqrt(tf.add(variance, eps)), layer.gamma);
      return activate(spec, tf.add(tf.mul(centered, scale), layer.beta));
    }, x);
  return {
    train(x, y, wanted) {
      const loss = optimizer.minimize(() => lossOf(spec, forward(x), y), wanted);
      if (!wanted) return undefined;
      const [value] = loss.dataSync();
      loss.dispose();
      return value;
    },
    free: () => {
      tf.dispose([parts, eps]);
      optimizer.dispose();
    },
  };
}

function withLayers(spec) {
  const model = sequential();
  const optimizer = tf.train.sgd(spec.lr);
  spec.hidden.forEach((units, i) => {
    model.add(layers.dense({ units, ...(i === 0 && { inputShape: [spec.inputs] }) }));
    model.add(layers.batchNormalization({ epsilon: EPS, momentum: 1 - MOMENTUM }));
    model.add(layers.activation({ activation: spec.activation }));
  });
  model.add(layers.dense({ units: spec.outputs }));
  model.compile({ optimizer, loss: (y, z) => lossOf(spec, z, y) });
  return {
    train: (x, y) => model.trainOnBatch(x, y),
    free: () => {
      model.dispose();
      optimizer.dispose();
    },
  };
}

function byHand(spec) {
  const parts = parameters(spec);
  const eps = tf.scalar(EPS);
  const one = tf.scalar(1);
  const perExample = tf.scalar(1 / spec.batch);
  const lr = tf.scalar(spec.lr);
  const update = (variable, gradient) => variable.assign(tf.sub(variable, tf.mul(gradient, lr)));

  function forward(x) {
    const caches = [];
    let h = x;
    for (const layer of parts) {
      const z = tf.fused.matMul({ a: h, b: layer.weight, bias: layer.bias });
      if (!layer.gamma) {
        caches.push({ x: h });
        h = z;
        continue;
      }
      const mean = tf.mean(z, 0, true);
      const centered = tf.sub(z, mean);
      const variance = tf.mean(tf.square(centered), 0, true);
      updateRunningStatistics(layer, mean, variance, spec.batch);
      const rstd = tf.rsqrt(tf.add(variance, eps));
      const xhat = tf.mul(centered, rstd);
      const y = activate(spec, tf.add(tf.mul(xhat, layer.gamma), layer.beta));
      caches.push({ x: h, xhat, rstd, y });
      h = y;
    }
    return { z: h, caches };
  }

  function backward(caches, gradient) {
    let d = gradient;
    for (let i = parts.length - 1; i >= 0; i--) {
      const layer = parts[i];
      const { x, xhat, rstd, y } = caches[i];
      if (layer.gamma) {
        d = tf.mul(d, spec.activation === 'relu' ? tf.step(y) : tf.mul(y, tf.sub(one, y)));
        const dbeta = tf.sum(d, 0);
        const dgamma = tf.sum(tf.mul(d, xhat), 0);
        const inner = tf.sub(tf.sub(d, tf.mul(dbeta, perExample)), tf.mul(xhat, tf.mul(dgamma, perExample)));
        d = tf.mul(inner, tf.mul(layer.gamma, rstd));
        update(layer.gamma, dgamma);
        update(layer.beta, dbeta);
      }
      const dx = i > 0 ? tf.matMul(d, layer.weight, false, true) : null;
      update(layer.weight, tf.matMul(x, d, true, false));
      update(layer.bias, tf.sum(d, 0));
      d = dx;
    }
  }

  return {
    train(x, y, wanted) {
      const loss = tf.tidy(() => {
        const { z, caches } = forward(x);
        const probability = spec.loss === 'cross_entropy' ? tf.softmax(z) : tf.sigmoid(z);
        backward(caches, tf.mul(tf.sub(probability, y), perExample));
        return wanted ? lossOf(spec, z, y) : undefined;
      });
      if (!wanted) return undefined;
      const [value] = loss.dataSync();
      loss.dispose();
      return value;
    },
    free: () => tf.dispose([parts, eps, one, perExample, lr]),
  };
}
