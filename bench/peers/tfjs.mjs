/**
 * TensorFlow.js, in three forms:
 *   ops      BN from tf operations, gradients by TensorFlow.js's own tape, tf.train.sgd: its fastest ordinary form;
 *   layers   tf.layers with batchNormalization() and trainOnBatch(), what its tutorials teach;
 *   by-hand  the backward pass and the update written out in tf operations: no tape, the fastest it can be made to go
 *            (not for the convolutional net).
 * The wasm backend has no kernel for the gradient of a convolution's weights; it gets one made of its own conv2d.
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
  tf.registerKernel({ kernelName: 'Conv2DBackpropFilter', backendName: 'wasm', kernelFunc: filterGradient });
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
    x: tf.tensor(x, [spec.batch, ...inputShape(spec)]),
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

/** Of one example; TensorFlow's pictures have their channels last. */
function inputShape({ inputs, picture }) {
  return picture ? [picture[1], picture[2], picture[0]] : [inputs];
}

/** dL/dfilter at stride 1 with 'same' padding: a convolution, too, over the examples and by dy. */
function filterGradient({ inputs: { x, dy }, attrs: { filterShape }, backend: memory }) {
  const run = (name, inputs, attrs) =>
    tf.getKernel(name, 'wasm').kernelFunc({ inputs, attrs, backend: memory });
  const pictures = run('Transpose', { x }, { perm: [3, 1, 2, 0] });
  const filter = run('Transpose', { x: dy }, { perm: [1, 2, 0, 3] });
  const pad = (filterShape[0] - 1) / 2;
  const options = { strides: [1, 1], pad, dataFormat: 'NHWC', dilations: [1, 1] };
  const products = run('Conv2D', { x: pictures, filter }, options);
  const gradient = run('Transpose', { x: products }, { perm: [1, 2, 0, 3] });
  for (const { dataId } of [pictures, filter, products]) memory.disposeData(dataId);
  return gradient;
}

/**
 * The parts of the network: weight (k, k, in, out) or (in, out) and bias of each layer; gamma, beta and running statistics of
 * each BN.
 */
function parameters({ inputs, picture, channels = [], hidden, outputs }) {
  const pictures = picture ? [picture[0], ...channels] : [];
  const pixels = picture ? (picture[1] * picture[2]) / 4 ** channels.length : 0;
  const widths = [picture ? pixels * channels.at(-1) : inputs, ...hidden, outputs];
  const shapes = [
    ...pictures.slice(1).map((units, i) => [3, 3, pictures[i], units]),
    ...widths.slice(1).map((units, i) => [widths[i], units]),
  ];
  return shapes.map((shape, i) => {
    const units = shape.at(-1);
    const fanIn = shape.slice(0, -1).reduce((product, extent) => product * extent);
    const linear = {
      weight: tf.tidy(() => tf.variable(tf.randomNormal(shape, 0, Math.sqrt(2 / fanIn)))),
      bias: tf.tidy(() => tf.variable(tf.zeros([units]))),
    };
    if (i === shapes.length - 1) return linear;
    return {
      ...linear,
      gamma: tf.tidy(() => tf.variable(tf.ones([units]))),
      beta: tf.tidy(() => tf.variable(tf.zeros([units]))),
      runningMean: tf.tidy(() => tf.variable(tf.zeros([units]), false)),
      runningVar: tf.tidy(() => tf.variable(tf.ones([units]), false)),
    };
  });
}

function updateRunningStatistics(layer, mean, variance, values) {
  const blend = (running, value, weight) =>
    running.assign(tf.add(tf.mul(running, 1 - MOMENTUM), tf.mul(tf.reshape(value, running.shape), weight)));
  blend(layer.runningMean, mean, MOMENTUM);
  blend(layer.runningVar, variance, (MOMENTUM * values) / (values - 1));
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
      const convolves = layer.weight.rank === 4;
      const product = convolves
        ? tf.conv2d(h, layer.weight, 1, 'same')
        : tf.matMul(h.rank > 2 ? tf.reshape(h, [spec.batch, -1]) : h, layer.weight);
      const z = tf.add(product, layer.bias);
      if (!layer.gamma) return z;
      const axes = convolves ? [0, 1, 2] : 0;
      const mean = tf.mean(z, axes, true);
      const centered = tf.sub(z, mean);
      const variance = tf.mean(tf.square(centered), axes, true);
      updateRunningStatistics(layer, mean, variance, z.size / mean.size);
      const scale = tf.mul(tf.rsqrt(tf.add(variance, eps)), layer.gamma);
      const y = activate(spec, tf.add(tf.mul(centered, scale), layer.beta));
      return convolves ? tf.maxPool(y, 2, 2, 'valid') : y;
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
  const { channels = [], hidden } = spec;
  model.add(layers.inputLayer({ inputShape: inputShape(spec) }));
  for (const [i, units] of [...channels, ...hidden].entries()) {
    const convolves = i < channels.length;
    if (convolves) model.add(layers.conv2d({ filters: units, kernelSize: 3, padding: 'same' }));
    else model.add(layers.dense({ units }));
    model.add(layers.batchNormalization({ epsilon: EPS, momentum: 1 - MOMENTUM }));
    model.add(layers.activation({ activation: spec.activation }));
    if (convolves) model.add(layers.maxPooling2d({ poolSize: 2 }));
  }
  if (spec.picture) model.add(layers.flatten());
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
