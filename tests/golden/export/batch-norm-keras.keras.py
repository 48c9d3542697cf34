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


def he_normal(gain=1):
    return VarianceScaling(2 * gain**2, "fan_in", "untruncated_normal")


def xavier_uniform(gain=1):
    return VarianceScaling(gain**2, "fan_avg", "uniform")


def pytorch(gain=1):
    return VarianceScaling(gain**2 / 3, "fan_in", "uniform")


def pytorch_bias(fan_in):
    return RandomUniform(-1 / math.sqrt(fan_in), 1 / math.sqrt(fan_in))


def build():
    return keras.Sequential([
        keras.Input((2,)),
        layers.Dense(12, use_bias=False, kernel_initializer=he_normal(), name="layer_0"),
        layers.BatchNormalization(momentum=0.9, epsilon=0.001, gamma_initializer=Constant(0.5), name="layer_1"),
        layers.Activation("relu", name="layer_2"),
        layers.Dense(12, use_bias=False, kernel_initializer=xavier_uniform(), name="layer_3"),
        layers.BatchNormalization(momentum=0.9, epsilon=0.001, gamma_initializer=Constant(0.5), name="layer_4"),
        layers.Activation("relu", name="layer_5"),
        layers.Dense(2, kernel_initializer=pytorch(), bias_initializer=pytorch_bias(12), name="layer_6"),
    ])


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
