"""PyTorch on one thread: same line protocol as contestant.mjs."""

import ctypes
import json
import os
import sys
import time

os.environ['OPENBLAS_NUM_THREADS'] = os.environ['OMP_NUM_THREADS'] = os.environ['MKL_NUM_THREADS'] = '1'

import torch  # noqa: E402  (after the thread counts)

torch.set_num_threads(1)

nn = torch.nn


def linear_net(widths, activation):
    layers = []
    for inputs, units in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(inputs, units), nn.BatchNorm1d(units), activation()]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


def convolutional_net():
    layers = []
    for inputs, units in ((1, 8), (8, 16)):
        layers += [nn.Conv2d(inputs, units, 3, padding=1), nn.BatchNorm2d(units), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(144, 10))


# The network, a batch's shape, outputs, loss.
NETS = {
    'toy': (lambda: linear_net([2, 32, 32, 1], nn.ReLU), (32, 2), 1, nn.BCEWithLogitsLoss()),
    'paper': (lambda: linear_net([784, 100, 100, 100, 10], nn.Sigmoid), (60, 784), 10, nn.CrossEntropyLoss()),
    'glyphs': (convolutional_net, (32, 1, 12, 12), 10, nn.CrossEntropyLoss()),
}
BATCHES = 16


def blas():
    """The BLAS in use: Debian's torch takes whichever the system's alternatives name, and they differ tenfold."""
    if torch.backends.mkl.is_available():
        return 'MKL'
    with open('/proc/self/maps') as maps:
        for path in {line.split()[-1] for line in maps if 'blas' in line}:
            try:
                corename = ctypes.CDLL(path).openblas_get_corename
            except (OSError, AttributeError):
                continue
            corename.restype = ctypes.c_char_p
            return 'OpenBLAS ' + corename().decode()
    return 'reference BLAS'


class Trainer:
    def __init__(self, workload):
        make, shape, outputs, self.criterion = NETS[workload]
        self.model = make()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)
        self.batches = []
        for _ in range(BATCHES):
            x = torch.randn(shape)
            row = x.flatten(1)
            target = (row[:, :1] * row[:, 1:2] > 0).float() if outputs == 1 else row[:, :outputs].argmax(1)
            self.batches.append((x, target))
        self.next = 0

    def step(self):
        x, target = self.batches[self.next % BATCHES]
        self.next += 1
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.criterion(self.model(x), target)
        loss.backward()
        self.optimizer.step()
        return loss

    def loss(self):
        return sum(self.step().item() for _ in range(BATCHES)) / BATCHES

    def rate(self, seconds, slice_length):
        start = time.thread_time()  # without the time spent waiting for a busy machine; see contestant.mjs
        end = time.perf_counter() + seconds
        count = 0
        while time.perf_counter() < end:
            for _ in range(slice_length):
                self.step()
            count += slice_length
        return count / (time.thread_time() - start)


def measure(trainer, seconds):
    first_loss = trainer.loss()
    warm = trainer.rate(seconds / 3, 1)
    rate = trainer.rate(seconds, max(1, round(warm * 0.005)))
    return {'rate': rate, 'first_loss': first_loss, 'last_loss': trainer.loss()}


Trainer('toy').step()  # loads the BLAS
print(json.dumps({'name': f'PyTorch {torch.__version__}, one thread', 'note': blas()}), flush=True)
for line in sys.stdin:
    workload, seconds = line.split()
    print(json.dumps(measure(Trainer(workload), float(seconds))), flush=True)
