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


model = nn.Sequential(
    nn.Linear(2, 12, bias=False),  # 0
    nn.BatchNorm1d(12, eps=0.00001, momentum=0.1),  # 1
    nn.ReLU(),  # 2
    nn.Linear(12, 12, bias=False),  # 3
    nn.BatchNorm1d(12, eps=0.00001, momentum=0.1),  # 4
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


WEIGHT_DECAY = 0.01
UNDECAYED = {"1.weight", "1.bias", "4.weight", "4.bias"}
decayed = [p for name, p in model.named_parameters() if name not in UNDECAYED]
others = [p for name, p in model.named_parameters() if name in UNDECAYED]
groups = [{"params": decayed, "weight_decay": WEIGHT_DECAY}, {"params": others}]
optimizer = torch.optim.SGD(groups, lr=0.2, momentum=0.9, nesterov=True)


def learning_rate(step):
    """Of update `step`, counted from 0."""
    rate = 0.2
    rate *= 0.5 * (1 + math.cos(math.pi * min(step, 25) / 25))
    rate *= min(1, (step + 1) / 6)  # warm-up
    return rate


@torch.no_grad()
def update(step):
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    norm = math.sqrt(sum(g.double().square().sum().item() for g in gradients))
    if norm > 0.5:  # clipping: all gradients together
        for gradient in gradients:
            gradient.mul_(0.5 / norm)
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(step)
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
