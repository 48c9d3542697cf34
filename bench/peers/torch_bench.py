"""PyTorch on one thread: same line protocol as contestant.mjs."""

import ctypes
import json
import os
import sys
import time

os.environ['OPENBLAS_NUM_THREADS'] = os.environ['OMP_NUM_THREADS'] = os.environ['MKL_NUM_THREADS'] = '1'

import torch  # noqa: E402  (after the thread counts)

torch.set_num_threads(1)

NETS = {
    'toy': ([2, 32, 32, 1], torch.nn.ReLU, 32, torch.nn.BCEWithLogitsLoss()),
    'paper': ([784, 100, 100, 100, 10], torch.nn.Sigmoid, 60, torch.nn.CrossEntropyLoss()),
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
        widths, activation, batch, self.criterion = NETS[workload]
        layers = []
        for inputs, units in zip(widths[:-2], widths[1:-1]):
            layers += [torch.nn.Linear(inputs, units), torch.nn.BatchNorm1d(units), activation()]
        self.model = torch.nn.Sequential(*layers, torch.nn.Linear(widths[-2], widths[-1]))
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)
        self.batches = []
        for _ in range(BATCHES):
            x = torch.randn(batch, widths[0])
            target = (x[:, :1] * x[:, 1:2] > 0).float() if widths[-1] == 1 else x[:, : widths[-1]].argmax(1)
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
