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


class Dropout(nn.Dropout):
    """nn.Dropout, which keeps the recorded values where it is told them."""

    kept = None

    def forward(self, x):
        if not self.training or self.kept is None:
            return super().forward(x)
        return x * self.kept.reshape(x.shape) / (1 - self.p)


model = nn.Sequential(
    nn.Linear(2, 12),  # 0
    nn.ReLU(),  # 1
    Dropout(0.3),  # 2
    nn.Linear(12, 12, bias=False),  # 3
    nn.BatchNorm1d(12, eps=0.00001, momentum=0.1),  # 4
    nn.ReLU(),  # 5
    Dropout(0.5),  # 6
    nn.Linear(12, 2),  # 7
)


def draw_initial_weights():
    """Otherwise gamma is 1, beta 0, and the running statistics are 0 and 1."""
    nn.init.normal_(model[0].weight, std=math.sqrt(2 / 2))  # he_normal
    nn.init.zeros_(model[0].bias)
    nn.init.normal_(model[3].weight, std=math.sqrt(2 / 12))  # he_normal
    nn.init.normal_(model[7].weight, std=math.sqrt(2 / 12))  # he_normal
    nn.init.zeros_(model[7].bias)


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


def run(x, y, batches, kept):
    """Trains on these batches; the losses, each before its update."""
    losses = []
    model.train()
    for step, members in enumerate(batches):
        for index, values in kept.items():  # dropout keeps what it kept in the recorded run
            model[index].kept = values[step]
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
    kept = {}
    if options.fresh is None:
        start = "initial."
        model.load_state_dict({name[len(start) :]: t for name, t in recording.items() if name.startswith(start)})
        sizes = recording["batch_sizes"].tolist()
        batches = recording["batch_members"].long().split(sizes)[:steps]
        kept = {index: recording[f"kept.{index}"].split(sizes) for index in [2, 6]}
    else:
        torch.manual_seed(options.fresh)
        draw_initial_weights()
        batches = islice(fresh_batches(recording["train_y"], torch.Generator().manual_seed(options.fresh)), steps)
    losses = run(x, y, batches, kept)
    report(losses, recorded if options.fresh is None else None)
    score("Training set", x, y)
    if "test_x" in recording:
        score("Test set", inputs(recording["test_x"]), targets(recording["test_y"]))


if __name__ == "__main__":
    main()
