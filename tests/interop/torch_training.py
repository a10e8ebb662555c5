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
import onnx.numpy_helper
import torch
import torch.nn.functional as F


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def pads_of(values, a):
    """Padding for the whole tensor: (values, what is left to the operator)."""
    pads = a.get('pads', [0, 0, 0, 0])
    if pads[:2] == pads[2:]:
        return values, pads[:2]
    return F.pad(values, (pads[1], pads[3], pads[0], pads[2])), [0, 0]


def conv(a, x, w, b=None):
    x, pads = pads_of(x, a)
    return F.conv2d(x, w, b, a.get('strides', [1, 1]), pads, a.get('dilations', [1, 1]), a.get('group', 1))


def gemm(a, x, w, b=None):
    assert a.get('transA', 0) == 0 and a.get('alpha', 1.0) == 1.0 and a.get('beta', 1.0) == 1.0
    return F.linear(x, w if a.get('transB', 0) else w.t(), b)


def max_pool(a, x):
    return F.max_pool2d(x, a['kernel_shape'], a.get('strides', [1, 1]), a.get('pads', [0, 0])[:2])


def average_pool(a, x):
    return F.avg_pool2d(x, a['kernel_shape'], a.get('strides', [1, 1]), a.get('pads', [0, 0])[:2])


def slice_(a, x, starts, ends, axes, steps=None):
    index = [slice(None)] * x.dim()
    for i, axis in enumerate(axes.tolist()):
        step = 1 if steps is None else int(steps[i])
        if step < 0:  # of the small tables of shapes alone
            return torch.from_numpy(x.numpy()[::-1].copy())
        index[axis] = slice(int(starts[i]), min(int(ends[i]), x.shape[axis]), step)
    return x[tuple(index)]


def pad(a, x, pads, value=None):
    begin, end = pads.tolist()[:x.dim()], pads.tolist()[x.dim():]
    widths = [w for pair in zip(reversed(begin), reversed(end)) for w in pair]
    return F.pad(x, widths)


TYPES = {1: torch.float32, 6: torch.int32, 7: torch.int64}

OPERATORS = {
    'Conv': conv, 'Gemm': gemm, 'MaxPool': max_pool, 'AveragePool': average_pool, 'Slice': slice_, 'Pad': pad,
    'Relu': lambda a, x: torch.relu(x),
    'Add': lambda a, x, y: x + y,
    'Sub': lambda a, x, y: x - y,
    'Mul': lambda a, x, y: x * y,
    'Flatten': lambda a, x: torch.flatten(x, a.get('axis', 1)),
    'Reshape': lambda a, x, shape: x.reshape(shape.tolist()),
    'Transpose': lambda a, x: x.permute(a['perm']),
    'Concat': lambda a, *xs: torch.cat(xs, a['axis']),
    'Shape': lambda a, x: torch.tensor(x.shape),
    'Gather': lambda a, x, i: torch.index_select(x, a.get('axis', 0), i.reshape(-1)).reshape(i.shape),
    'Cast': lambda a, x: x.to(TYPES[a['to']]),
    'Constant': lambda a: tensor_of(a['value']),
    'ConstantOfShape': lambda a, shape: torch.full(shape.tolist(), int(tensor_of(a['value'])), dtype=torch.int64),
}


def tensor_of(proto):
    return torch.from_numpy(numpy.array(onnx.numpy_helper.to_array(proto)))


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


main()
