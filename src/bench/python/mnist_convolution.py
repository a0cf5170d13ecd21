"""The convolutional network of docs/learning.md in PyTorch, learned as Millrace learns it: the rows of a file once and in their order, each predicted
before it is learned, in mini-batches, with features that are standardised online.

Arguments: a CSV file whose last column is the class (784 features, gzip or not), and optionally the learning rate, the batch size and the seeds:
/usr/bin/python3 mnist_convolution.py mnist_t10k.csv.gz 0.002 1 1,2,3. Needs torch and numpy (python3-torch of Debian).
"""

import gzip
import math
import sys

import numpy
import torch
from torch import nn

torch.set_num_threads(1)

RATE, CLIP, MIN_VARIANCE = 0.001, 10.0, 1e-12


def read(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt") as file:
        rows = numpy.loadtxt(file, delimiter=",", skiprows=1)
    return rows[:, :-1], rows[:, -1].astype(int)


def standardized(rows):
    """Each row by the running means and variances of the rows up to itself; the newest has at least the weight RATE."""
    means, variances = numpy.zeros(rows.shape[1]), numpy.zeros(rows.shape[1])
    result = numpy.empty(rows.shape, numpy.float32)
    for i, row in enumerate(rows):
        weight = max(1 / (i + 1), RATE)
        difference = row - means
        means = means + weight * difference
        variances = (1 - weight) * (variances + weight * difference * difference)
        known = variances > MIN_VARIANCE
        scaled = numpy.zeros_like(row)
        scaled[known] = (row[known] - means[known]) / numpy.sqrt(variances[known])
        result[i] = numpy.clip(scaled, -CLIP, CLIP)
    return torch.from_numpy(result).reshape(-1, 1, 28, 28)


def network():
    layers = nn.Sequential(
        nn.Conv2d(1, 16, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(5 * 5 * 32, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )
    for layer in layers:
        if hasattr(layer, "weight"):  # he_uniform, of the inputs of a unit
            bound = math.sqrt(6 / layer.weight[0].numel())
            nn.init.uniform_(layer.weight, -bound, bound)
            nn.init.zeros_(layer.bias)
    return layers


def prequential(x, y, seed, learning_rate, batch):
    """The part of the rows that were predicted well before they were learned."""
    torch.manual_seed(seed)
    model = network()
    optimizer = torch.optim.RMSprop(model.parameters(), learning_rate, alpha=0.99, eps=1e-8)
    right = 0
    for i in range(0, len(x), batch):
        logits = model(x[i : i + batch])
        right += (logits.argmax(1) == y[i : i + batch]).sum().item()
        optimizer.zero_grad()
        nn.functional.cross_entropy(logits, y[i : i + batch]).backward()
        optimizer.step()
    return right / len(x)


if __name__ == "__main__":
    path, learning_rate, batch, seeds = (sys.argv[1:] + ["0.002", "1", "1,2,3"][len(sys.argv) - 2 :])[:4]
    features, classes = read(path)
    x, y = standardized(features), torch.from_numpy(classes)
    figures = []
    for seed in seeds.split(","):
        figures.append(prequential(x, y, int(seed), float(learning_rate), int(batch)))
        print(f"seed {seed}: {figures[-1]:.4f}", flush=True)
    print(f"mean: {sum(figures) / len(figures):.4f}")
