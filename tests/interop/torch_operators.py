# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators of ONNX in PyTorch, as far as the test models use them."""
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
    'GlobalAveragePool': lambda a, x: x.mean((2, 3), keepdim=True),
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
