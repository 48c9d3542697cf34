"""Model A of an experiment in BatchNorm Lab, for Keras 3 and whichever backend it finds.

    python batchnorm-lab-a-keras.py            # needs batchnorm-lab-a.safetensors beside it
    python batchnorm-lab-a-keras.py --fresh 7  # new initial weights and batches, drawn from seed 7

It builds the same network, takes the recorded examples, initial weights and batches, and trains.
Its losses are those of the page, but for rounding.
It prints both and writes them all into batchnorm-lab-a-keras-losses.csv.
"""

import argparse
import csv
import json
import math
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops
from keras.initializers import Constant, RandomNormal, RandomUniform, VarianceScaling


HERE = Path(__file__).resolve().parent
RECORDING = HERE / "batchnorm-lab-a.safetensors"
LOSSES = HERE / "batchnorm-lab-a-keras-losses.csv"
BATCH_SIZE = 16
NEW_ORDER_EVERY_EPOCH = True
DROP_SMALLER_LAST_BATCH = False
keras.config.set_floatx("float64")


class BatchStatistics(layers.Layer):
    """What layers have in common that normalize by the batch in training and by moving statistics in inference.
    momentum is what is kept of them (Keras's sense); None: the average of all batches."""

    def __init__(self, epsilon, momentum, affine=True, track=True, initial_gamma=1.0, **options):
        super().__init__(**options)
        self.epsilon, self.momentum, self.affine, self.track = epsilon, momentum, affine, track
        self.initial_gamma = Constant(initial_gamma)

    def build(self, shape):
        self.axes = tuple(range(len(shape) - 1))
        channels = (shape[-1],)
        if self.affine:
            self.gamma = self.add_weight(name="gamma", shape=channels, initializer=self.initial_gamma)
            self.beta = self.add_weight(name="beta", shape=channels, initializer="zeros")
        if self.track:
            options = {"shape": channels, "trainable": False}
            self.moving_mean = self.add_weight(name="moving_mean", initializer="zeros", **options)
            self.moving_spread = self.add_weight(name="moving_spread", initializer="ones", **options)
            self.seen = self.add_weight(name="seen", shape=(), initializer="zeros", trainable=False)

    def scale(self, xhat):
        return self.gamma * xhat + self.beta if self.affine else xhat

    def update(self, mean, spread):
        if not self.track:
            return
        self.seen.assign(self.seen + 1)
        keep = 1 - 1 / self.seen if self.momentum is None else self.momentum
        self.moving_mean.assign(keep * self.moving_mean + (1 - keep) * mean)
        self.moving_spread.assign(keep * self.moving_spread + (1 - keep) * spread)


class BatchNorm(BatchStatistics):
    """Batch normalization where layers.BatchNormalization differs from the experiment's: in the variance it stores
    (unbiased: with 1/(m - 1), as PyTorch; Keras takes 1/m) or in groups of `ghost` examples with statistics of
    their own."""

    def __init__(self, epsilon, momentum, unbiased, ghost=0, **options):
        super().__init__(epsilon, momentum, **options)
        self.unbiased, self.ghost = unbiased, ghost

    def call(self, x, training=False):
        if not training and self.track:
            return self.scale((x - self.moving_mean) / ops.sqrt(self.moving_spread + self.epsilon))
        xhats, means, variances = [], [], []
        for group in self.groups(x):
            mean = ops.mean(group, axis=self.axes)
            variance = ops.mean(ops.square(group - mean), axis=self.axes)
            values = ops.cast(ops.size(group), x.dtype) / group.shape[-1]
            bessel = values / ops.maximum(values - 1, 1) if self.unbiased else 1
            xhats.append((group - mean) / ops.sqrt(variance + self.epsilon))
            means.append(mean)
            variances.append(bessel * variance)
        if training:
            self.update(sum(means) / len(means), sum(variances) / len(variances))
        return self.scale(ops.concatenate(xhats))

    def groups(self, x):
        """A last group of a single value per channel has no variance: it joins the group before."""
        if self.ghost == 0 or x.shape[0] is None:  # None: only shapes are being worked out
            return [x]
        groups = [x[start : start + self.ghost] for start in range(0, x.shape[0], self.ghost)]
        if len(groups) > 1 and math.prod(groups[-1].shape[:-1]) == 1:
            groups[-2:] = [ops.concatenate(groups[-2:])]
        return groups


def he_normal(gain=1):
    return VarianceScaling(2 * gain**2, "fan_in", "untruncated_normal")


def normal(sigma, gain=1):
    return RandomNormal(stddev=gain * sigma)


def he_uniform(gain=1):
    return VarianceScaling(2 * gain**2, "fan_in", "uniform")


def build():
    h = [keras.Input((2,))]  # h[i + 1] is what comes out of layer i
    h.append(layers.Dense(12, kernel_initializer=he_normal(), name="layer_0")(h[-1]))
    h.append(layers.LeakyReLU(negative_slope=0.1, name="layer_1")(h[-1]))
    h.append(layers.Dense(12, use_bias=False, kernel_initializer=normal(0.2), name="layer_2")(h[-1]))
    # PyTorch's momentum 0.1 is the newest batch's weight
    h.append(BatchNorm(epsilon=0.00001, momentum=1 - 0.1, unbiased=True, name="layer_3")(h[-1]))
    h.append(layers.Add(name="layer_4")([h[-1], h[2]]))
    h.append(layers.LeakyReLU(negative_slope=0.01, name="layer_5")(h[-1]))
    h.append(layers.Dense(2, kernel_initializer=he_uniform(gain=2), name="layer_6")(h[-1]))
    return keras.Model(h[0], h[-1])


def optimizer_of(model):
    optimizer = keras.optimizers.SGD(0.1)
    return optimizer


LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def inputs(x):
    return x.astype(keras.config.floatx())


def targets(y):
    return y


def read_safetensors(path):
    """name -> array. The file: the length of its header, the header (JSON), the tensors' bytes."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    types = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4", "U8": "u1"}
    arrays = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__":
            continue
        first, end = entry["data_offsets"]
        arrays[name] = np.frombuffer(data[start + first : start + end], types[entry["dtype"]]).reshape(entry["shape"])
    return arrays


def load_initial_weights(model, recording):
    """Dense weights lie as (in, out) in Keras, and what is (channels, height, width) has its channels last."""
    names = {"running_mean": "moving_mean", "running_var": "moving_variance", "bias": "bias"}
    for name, value in recording.items():
        if not name.startswith("initial.") or name.endswith("num_batches_tracked"):
            continue
        _, index, name = name.split(".")
        layer = model.get_layer(f"layer_{index}")
        if name == "weight" and hasattr(layer, "kernel"):
            layer.kernel.assign(value.T if value.ndim == 2 else value.transpose(2, 3, 1, 0))
            continue
        value = value.transpose(1, 2, 0) if value.ndim == 3 else value
        if name in ("weight", "bias") and not hasattr(layer, "kernel"):
            name = {"weight": "gamma", "bias": "beta"}[name]
        elif name in ("running_var", "running_std", "running_scale"):
            name = "moving_spread" if hasattr(layer, "moving_spread") else "moving_variance"
        getattr(layer, names.get(name, name)).assign(value)


def fresh_batches(count, steps, random):
    """Which examples meet in each batch."""
    batches, order = [], random.permutation(count)
    while len(batches) < steps:
        for start in range(0, count, BATCH_SIZE):
            batch = order[start : start + BATCH_SIZE]
            if len(batch) == BATCH_SIZE or start == 0 or not DROP_SMALLER_LAST_BATCH:
                batches.append(batch)
        if NEW_ORDER_EVERY_EPOCH:
            order = random.permutation(count)
    return batches[:steps]


def score(model, name, x, y):
    output = ops.convert_to_tensor(model.predict_on_batch(x))
    text = f"{name} in inference mode: loss {float(ops.mean(LOSS(y, output))):.6g}"
    accuracy = float(np.mean(ops.convert_to_numpy(ops.argmax(output, axis=1)) == y))
    print(f"{text}, accuracy {accuracy:.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fresh", type=int, metavar="SEED", help="draw initial weights and batches anew")
    options = parser.parse_args()
    if not RECORDING.exists():
        raise SystemExit(f"Please put {RECORDING.name}, saved from the same page, beside this program.")
    recording = read_safetensors(RECORDING)
    recorded = recording["losses"]
    x, y = inputs(recording["train_x"]), targets(recording["train_y"])
    keras.utils.set_random_seed(options.fresh or 1)
    model = build()
    if options.fresh is None:
        load_initial_weights(model, recording)
        ends = np.cumsum(recording["batch_sizes"])
        batches = np.split(recording["batch_members"], ends[:-1])
    else:
        batches = fresh_batches(len(x), len(recorded), np.random.default_rng(options.fresh))
    model.compile(optimizer=optimizer_of(model), loss=LOSS)
    with open(LOSSES, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["step", "loss", "recorded"])
        for step, members in enumerate(batches):
            model.reset_metrics()  # otherwise the loss is an average over steps
            loss = float(model.train_on_batch(x[members], y[members]))
            known = recorded[step] if options.fresh is None else ""
            rows.writerow([step + 1, loss, known])
            if step < 10 or (step + 1) % 50 == 0:
                print(f"step {step + 1:5d}: loss {loss:.6f}" + (f", recorded {known:.6f}" if known != "" else ""))
            if not math.isfinite(loss):
                print(f"Diverged at step {step + 1}.")
                break
    score(model, "Training set", x, y)
    if "test_x" in recording:
        score(model, "Test set", inputs(recording["test_x"]), targets(recording["test_y"]))


if __name__ == "__main__":
    main()
