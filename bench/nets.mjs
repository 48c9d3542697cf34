/**
 * The networks everybody trains here: BN after each hidden layer, plain SGD, float32.
 * toy: the size of the networks on the pages. paper: the MNIST network of Ioffe & Szegedy (2015), section 4.1.
 * glyphs: two convolutions 3×3 that keep the picture's size, each with BN, ReLU and 2×2 max pooling, and a linear layer:
 * the network the pages train on drawn digits.
 */
export const NETS = {
  toy: {
    inputs: 2,
    hidden: [32, 32],
    outputs: 1,
    activation: 'relu',
    batch: 32,
    loss: 'bce_with_logits',
    lr: 0.1,
  },
  paper: {
    inputs: 784,
    hidden: [100, 100, 100],
    outputs: 10,
    activation: 'sigmoid',
    batch: 60,
    loss: 'cross_entropy',
    lr: 0.1,
  },
  glyphs: {
    inputs: 144,
    picture: [1, 12, 12],
    channels: [8, 16],
    hidden: [],
    outputs: 10,
    activation: 'relu',
    batch: 32,
    loss: 'cross_entropy',
    lr: 0.1,
  },
};

/** Different batches, taken in turn. */
export const BATCHES = 16;

/** Floating-point operations of the matrix products of one step of linear layers; the first layer needs no dL/dx. */
export function productFlops({ inputs, hidden, outputs, batch }) {
  const widths = [inputs, ...hidden, outputs];
  let multiplyAdds = 0;
  for (let i = 0; i + 1 < widths.length; i++) {
    multiplyAdds += (i === 0 ? 2 : 3) * batch * widths[i] * widths[i + 1];
  }
  return 2 * multiplyAdds;
}

/**
 * Batches with something to learn: normal inputs; the label is the sign of x₀·x₁ (one output) or the largest of the
 * first `outputs` inputs. `target` is float32 (batch) or int32 class indices (batch).
 */
export function makeBatches({ inputs, outputs, batch }) {
  return Array.from({ length: BATCHES }, () => {
    const x = Float32Array.from({ length: batch * inputs }, normal);
    const rows = Array.from({ length: batch }, (_, i) => x.subarray(i * inputs, (i + 1) * inputs));
    const target =
      outputs === 1
        ? Float32Array.from(rows, (row) => (row[0] * row[1] > 0 ? 1 : 0))
        : Int32Array.from(rows, (row) =>
            row.subarray(0, outputs).indexOf(Math.max(...row.subarray(0, outputs))),
          );
    return { x, target };
  });
}

function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
