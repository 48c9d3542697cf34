"""Model A of an experiment in BatchNorm Lab, for PyTorch 1.13 and later.

    python batchnorm-lab-a.py            # needs batchnorm-lab-a.safetensors beside it

It builds the same network, takes the recorded examples, initial weights and batches, and trains: its losses are
those of the page, but for rounding. It prints both and writes them all into batchnorm-lab-a-losses.csv.

    python batchnorm-lab-a.py --fresh 7  # new initial weights and batches, drawn by PyTorch from seed 7
"""

import argparse
import csv
import json
import math
from itertools import islice
from pathlib import Path

import torch
from torch import nn


HERE = Path(__file__).resolve().parent
RECORDING = HERE / "batchnorm-lab-a.safetensors"
LOSSES = HERE / "batchnorm-lab-a-losses.csv"
torch.set_default_dtype(torch.float64)

# Data: kind moons, count 100, noise 0.1, test 0.2, seed 3
BATCH_SIZE = 16
NEW_ORDER_EVERY_EPOCH = True
DROP_SMALLER_LAST_BATCH = False


class BatchStatistics(nn.Module):
    """What layers have in common that normalize by the batch in training and by running statistics in inference."""

    spread = "running_var"  # the name of the running measure of spread

    def __init__(self, channels, eps, momentum, affine=True, track_running_stats=True):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels)) if affine else None
        self.bias = nn.Parameter(torch.zeros(channels)) if affine else None
        self.tracks = track_running_stats
        if track_running_stats:
            self.register_buffer("running_mean", torch.zeros(channels))
            self.register_buffer(self.spread, torch.ones(channels))
            self.register_buffer("num_batches_tracked", torch.tensor(0))

    def affine(self, xhat):
        return xhat if self.weight is None else xhat * column(self.weight, xhat) + column(self.bias, xhat)

    @torch.no_grad()
    def update(self, mean, spread):
        """momentum is the weight of the newest batch (None: the average of all batches)."""
        if not self.tracks:
            return
        self.num_batches_tracked += 1
        weight = 1 / self.num_batches_tracked.item() if self.momentum is None else self.momentum
        self.running_mean.mul_(1 - weight).add_(weight * mean)
        getattr(self, self.spread).mul_(1 - weight).add_(weight * spread)


def column(values, x):
    """Values per channel, shaped to meet x: (B, C) or (B, C, H, W)."""
    return values.reshape(1, -1, *[1] * (x.dim() - 2))


def mean_of(x):
    """Per channel, over the batch and, of pictures, over the pixels."""
    return x.mean([0, *range(2, x.dim())])


class BatchRenorm(BatchStatistics):
    """Batch Renormalization (Ioffe 2017): batch statistics, corrected towards the running ones within bounds that
    open after `plain_steps` over `ramp_steps`. What runs is the standard deviation sqrt(var + eps)."""

    spread = "running_std"

    def __init__(self, channels, eps, momentum, r_max, d_max, plain_steps=0, ramp_steps=0, **options):
        super().__init__(channels, eps, momentum, **options)
        self.r_max, self.d_max = r_max, d_max
        self.plain_steps, self.ramp_steps = plain_steps, ramp_steps

    def forward(self, x):
        if not self.training:
            return self.affine((x - column(self.running_mean, x)) / column(self.running_std, x))
        mean = mean_of(x)
        std = torch.sqrt(mean_of((x - column(mean, x)) ** 2) + self.eps)
        r_max, d_max = self.bounds()
        with torch.no_grad():  # the corrections count as constants in backward
            r = (std / self.running_std).clamp(1 / r_max, r_max)
            d = ((mean - self.running_mean) / self.running_std).clamp(-d_max, d_max)
        self.update(mean, std)
        return self.affine((x - column(mean, x)) / column(std, x) * column(r, x) + column(d, x))

    def bounds(self):
        ramped = self.num_batches_tracked.item() - self.plain_steps
        if ramped < 0:
            return 1, 0
        share = 1 if ramped >= self.ramp_steps else ramped / self.ramp_steps
        return 1 + share * (self.r_max - 1), share * self.d_max


model = nn.Sequential(
    nn.Linear(2, 12, bias=False),  # 0
    BatchRenorm(12, momentum=0.1, eps=0.00001, affine=True, r_max=2, d_max=3, plain_steps=4, ramp_steps=8),  # 1
    nn.ReLU(),  # 2
    nn.Linear(12, 12, bias=False),  # 3
    BatchRenorm(12, momentum=0.1, eps=0.00001, affine=True, r_max=2, d_max=3, plain_steps=4, ramp_steps=8),  # 4
    nn.ReLU(),  # 5
    nn.Linear(12, 2),  # 6
)


def draw_initial_weights():
    """Otherwise gamma is 1, beta 0, and the running statistics are 0 and 1."""
    nn.init.normal_(model[0].weight, std=math.sqrt(2 / 2))  # he_normal
    nn.init.uniform_(model[3].weight, -math.sqrt(6 / 24), math.sqrt(6 / 24))  # xavier_uniform
    nn.init.uniform_(model[6].weight, -math.sqrt(1 / 12), math.sqrt(1 / 12))  # pytorch
    nn.init.uniform_(model[6].bias, -math.sqrt(1 / 12), math.sqrt(1 / 12))


loss_function = nn.CrossEntropyLoss()


def inputs(x):
    return x.to(torch.get_default_dtype())


def targets(y):
    return y.long()


optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


@torch.no_grad()
def update(step):
    optimizer.step()


def fresh_batches(y, generator):
    """Endless: which examples meet in each batch."""
    order = torch.randperm(len(y), generator=generator)
    while True:
        for start in range(0, len(order), BATCH_SIZE):
            batch = order[start : start + BATCH_SIZE]
            if len(batch) == BATCH_SIZE or start == 0 or not DROP_SMALLER_LAST_BATCH:
                yield batch
        if NEW_ORDER_EVERY_EPOCH:
            order = torch.randperm(len(y), generator=generator)


def read_safetensors(path):
    """name -> tensor. The file: the length of its header, the header (JSON), the tensors' bytes."""
    data = bytearray(path.read_bytes())
    start = 8 + int.from_bytes(data[:8], "little")
    types = {"F64": torch.float64, "F32": torch.float32, "I64": torch.int64, "I32": torch.int32, "U8": torch.uint8}
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__":
            continue
        first, end = entry["data_offsets"]
        values = data[start + first : start + end]
        tensor = torch.frombuffer(values, dtype=types[entry["dtype"]]) if values else torch.empty(0)
        tensors[name] = tensor.reshape(entry["shape"])
    return tensors


def run(x, y, batches):
    """Trains on these batches; the losses, each before its update."""
    losses = []
    model.train()
    for step, members in enumerate(batches):
        optimizer.zero_grad()
        loss = loss_function(model(x[members]), y[members])
        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            print(f"Diverged at step {step + 1}.")
            break
        loss.backward()
        update(step)
    return losses


@torch.no_grad()
def score(name, x, y):
    model.eval()
    output = model(x)
    text = f"{name} in inference mode: loss {loss_function(output, y).item():.6g}"
    accuracy = (output.argmax(1) == y).double().mean().item()
    print(f"{text}, accuracy {accuracy:.4f}")


def report(losses, recorded):
    """Every loss into a file, some of them on the screen."""
    with open(LOSSES, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["step", "loss", "recorded"])
        for step, loss in enumerate(losses):
            known = recorded[step] if recorded else ""
            rows.writerow([step + 1, repr(loss), known])
            if step < 10 or (step + 1) % 50 == 0:
                print(f"step {step + 1:5d}: loss {loss:.6f}" + (f", recorded {known:.6f}" if recorded else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fresh", type=int, metavar="SEED", help="draw initial weights and batches anew")
    parser.add_argument("--steps", type=int, help="default, and at most unless fresh: as many as were recorded")
    options = parser.parse_args()
    if not RECORDING.exists():
        raise SystemExit(f"Please put {RECORDING.name}, saved from the same page, beside this program.")
    recording = read_safetensors(RECORDING)
    recorded = recording["losses"].tolist()
    steps = options.steps or len(recorded)
    x, y = inputs(recording["train_x"]), targets(recording["train_y"])
    if options.fresh is None:
        start = "initial."
        model.load_state_dict({name[len(start) :]: t for name, t in recording.items() if name.startswith(start)})
        sizes = recording["batch_sizes"].tolist()
        batches = recording["batch_members"].long().split(sizes)[:steps]
    else:
        torch.manual_seed(options.fresh)
        draw_initial_weights()
        batches = islice(fresh_batches(recording["train_y"], torch.Generator().manual_seed(options.fresh)), steps)
    losses = run(x, y, batches)
    report(losses, recorded if options.fresh is None else None)
    score("Training set", x, y)
    if "test_x" in recording:
        score("Test set", inputs(recording["test_x"]), targets(recording["test_y"]))


if __name__ == "__main__":
    main()
