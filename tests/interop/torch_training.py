# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains an ONNX model with PyTorch, step by step on request.

torch_training.py MODEL SAMPLES.raw LABELS.raw DIMS THREADS OPTIMIZER RATE STATISTICS

SAMPLES are float32 of DIMS ("8000,1,28,28"), LABELS int64; OPTIMIZER is sgd (momentum 0.9) or adam; STATISTICS of
batch normalisation are "batch" or "frozen". A line of standard input names the samples of some steps, "0,1,2 3,4,5";
the answer is a line with the seconds that they took and the mean cross-entropy of each.
"""
import sys
import time

import numpy
import onnx
import torch
import torch.nn.functional as F

sys.dont_write_bytecode = True
from torch_operators import OPERATORS, attributes, tensor_of


class Network:
    """Walks through the nodes; what holds shapes instead of values is computed in the first walk alone."""

    def __init__(self, path, statistics):
        graph = onnx.load(path).graph
        self.statistics = statistics
        self.input, self.output = graph.input[0].name, graph.output[0].name
        self.nodes = [(n, attributes(n)) for n in graph.node]
        self.known = {i.name: tensor_of(i) for i in graph.initializer}
        fixed = {name for n, _ in self.nodes if n.op_type == 'BatchNormalization' for name in n.input[3:5]}
        self.trained = [t.requires_grad_() for name, t in self.known.items()
                        if t.is_floating_point() and t.numel() > 1 and name not in fixed]

    def normalised(self, node, a, x, values):
        scale, bias, mean, variance = (values[name] for name in node.input[1:5])
        return F.batch_norm(x, mean, variance, scale, bias, training=self.statistics == 'batch',
                            momentum=1 - a.get('momentum', 0.9), eps=a.get('epsilon', 1e-5))

    def __call__(self, x):
        values = dict(self.known)
        values[self.input] = x
        for node, a in self.nodes:
            if node.output[0] in values:
                continue
            if node.op_type == 'BatchNormalization':
                result = self.normalised(node, a, values[node.input[0]], values)
            else:
                result = OPERATORS[node.op_type](a, *(values[i] if i else None for i in node.input))
            values[node.output[0]] = result
            if not result.is_floating_point():
                self.known[node.output[0]] = result
        return values[self.output]


def main():
    path, samples, labels, dims, threads, optimizer, rate, statistics = sys.argv[1:9]
    torch.set_num_threads(int(threads))
    x = torch.from_numpy(numpy.fromfile(samples, numpy.float32)).reshape([int(d) for d in dims.split(',')])
    y = torch.from_numpy(numpy.fromfile(labels, numpy.int64))
    network = Network(path, statistics)
    rate = float(rate)
    optimize = (torch.optim.Adam(network.trained, rate) if optimizer == 'adam'
                else torch.optim.SGD(network.trained, rate, momentum=0.9))
    for line in sys.stdin:
        losses = []
        steps = [torch.tensor([int(i) for i in step.split(',')]) for step in line.split()]
        start = time.perf_counter()
        for step in steps:
            optimize.zero_grad(set_to_none=True)
            loss = F.cross_entropy(network(x[step]), y[step])
            loss.backward()
            optimize.step()
            losses.append(loss.detach())
        seconds = time.perf_counter() - start
        print(seconds, *(float(loss) for loss in losses), flush=True)


if __name__ == '__main__':
    main()
