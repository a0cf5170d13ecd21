"""PyTorch in the comparison of io.millrace.bench: the same cells, clocks and output lines as CellTimer.java.

Arguments: network, works separated by commas, warm-up in milliseconds, number of blocks.

PyTorch has several ways to do the same step on a CPU. Each is tried for a moment in each cell, and the fastest is measured:
Adam over the list of tensors at once (foreach) or one by one, the forward pass as Python or traced.
"""

import math
import os
import re
import sys
import time

import torch

THREADS = int(os.environ.get("OMP_NUM_THREADS", "1"))
torch.set_num_threads(THREADS)
torch.set_num_interop_threads(1)

LEARNING_RATE = 1e-3
BLOCK_S = 0.015
MIN_WARM_UP_RUNS = 20
RECURRENT = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}


class LastState(torch.nn.Module):
    """The state of a recurrent layer after the last step."""

    def __init__(self, recurrent):
        super().__init__()
        self.recurrent = recurrent

    def forward(self, x):
        return self.recurrent(x)[0][:, -1]


def network(net):
    """The layers of net, for rows of images [channels x height x width], sequences [steps x features] or numbers."""
    shape, *parts = net
    layers = []
    for part in parts:
        name, arguments = re.fullmatch(r"([a-z]*)\(?([^)]*)\)?", part).groups()
        if name in RECURRENT:
            layers.append(LastState(RECURRENT[name](shape[1], int(arguments), batch_first=True)))
            shape = [int(arguments)]
        elif name == "conv":
            filters, window = arguments.split(",")
            window = [int(size) for size in window.split("x")]
            layers += [torch.nn.Conv2d(shape[0], int(filters), window), torch.nn.ReLU()]
            shape = [int(filters)] + [size - w + 1 for size, w in zip(shape[1:], window)]
        elif name == "pool":
            window = [int(size) for size in arguments.split("x")]
            layers.append(torch.nn.MaxPool2d(window))
            shape = [shape[0]] + [size // w for size, w in zip(shape[1:], window)]
        else:
            if len(shape) > 1:
                layers.append(torch.nn.Flatten())
            layers += [torch.nn.Linear(math.prod(shape), int(part)), torch.nn.ReLU()]
            shape = [int(part)]
    return torch.nn.Sequential(*layers[:-1])


def parse(text):
    """Shape of a row, and what the layers are called."""
    shape, *parts = text.split("-")
    shape = [int(size) for size in shape.split("x")]
    return [shape[-1:] + shape[:-1] if len(shape) == 3 else shape, *parts]


class Traced(torch.nn.Module):
    """Forward pass and loss in one graph."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x, y):
        return torch.nn.functional.cross_entropy(self.model(x), y)


def batches(net, rows):
    torch.manual_seed(7)
    n = 64 if rows == 1 else 4
    x = [torch.rand(rows, *net[0]) * 2 - 1 for _ in range(n)]
    y = [torch.randint(int(net[-1]), (rows,)) for _ in range(n)]
    return x, y


def training(net, rows, foreach, traced):
    x, y = batches(net, rows)
    objective = Traced(network(net))
    optimizer = torch.optim.Adam(objective.parameters(), lr=LEARNING_RATE, foreach=foreach)
    if traced:
        objective = torch.jit.trace(objective, (x[0], y[0]))

    def step(i):
        b = i % len(x)
        optimizer.zero_grad(set_to_none=True)
        objective(x[b], y[b]).backward()
        optimizer.step()

    return step


def prediction(net, traced):
    x, _ = batches(net, 1)
    rows = [batch.numpy() for batch in x]
    model = torch.nn.Sequential(network(net), torch.nn.Softmax(dim=1)).eval()
    if traced:
        with torch.no_grad():
            model = torch.jit.freeze(torch.jit.trace(model, (x[0],)))

    def predict(i):
        with torch.inference_mode():
            model(torch.from_numpy(rows[i % len(rows)]))

    return predict


def now():
    """As CellTimer: the CPU time of one thread, or the clock of several."""
    return time.process_time() if THREADS == 1 else time.perf_counter()


def run_for(step, seconds, minimum=0):
    runs = 0
    start = now()
    while runs < minimum or now() - start < seconds:
        step(runs)
        runs += 1
    return (now() - start) / runs


def median_us(variants, warm_up_s, blocks):
    for step in variants:
        run_for(step, warm_up_s / len(variants) / 2, MIN_WARM_UP_RUNS // 2)
    step = min(variants, key=lambda variant: run_for(variant, warm_up_s / len(variants) / 2, MIN_WARM_UP_RUNS // 2))
    runs = max(1, round(BLOCK_S / run_for(step, BLOCK_S)))
    us = []
    for _ in range(blocks):
        start = now()
        for i in range(runs):
            step(i)
        us.append((now() - start) * 1e6 / runs)
    return sorted(us)[blocks // 2]


def main(net, works, warm_up_ms, blocks):
    print("PyTorch", torch.__version__, file=sys.stderr)
    net = parse(net)
    warm_up_s = int(warm_up_ms) / 1000
    choices = (False, True)
    for number, work in enumerate(works.split(",")):
        if work == "predict":
            variants = [prediction(net, traced) for traced in choices]
        else:
            variants = [training(net, int(work), foreach, traced) for foreach in choices for traced in choices]
        us = median_us(variants, warm_up_s * (3 if number == 0 else 1), int(blocks))
        print(f"cell\t{work}\t{us:.3f}", flush=True)


main(*sys.argv[1:])
