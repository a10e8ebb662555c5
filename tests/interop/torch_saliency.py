# SPDX-License-Identifier: GPL-3.0-or-later
"""Explains one sample of an ONNX model with PyTorch, by formulas of its own.

torch_saliency.py MODEL SAMPLE.raw DIMS NOISE.raw COPIES

SAMPLE is float32 of DIMS ("1,1,28,28"), NOISE as many times COPIES. A line of standard input names a method, a class
and numbers: "integrated-gradients 3 64", "lrp-gamma 3 0.25 0.01"; the answer is a line with the map, row by row, for
maps of the last convolution (Grad-CAM++) at its own size.
"""
import sys

import numpy
import onnx
import torch
import torch.nn.functional as F

sys.dont_write_bytecode = True
import torch_operators as ops


class Explainer:
    def __init__(self, path, x):
        graph = onnx.load(path).graph
        self.known = {i.name: ops.tensor_of(i) for i in graph.initializer}
        self.nodes = [(n, ops.attributes(n)) for n in graph.node]
        self.input, self.output, self.x = graph.input[0].name, graph.output[0].name, x

    def run(self, x, apply=None):
        values = dict(self.known)
        values[self.input] = x
        for node, a in self.nodes:
            if node.output[0] in values:
                continue
            given = [values[i] if i else None for i in node.input]
            values[node.output[0]] = (apply or (lambda n, f, xs: f(*xs)))(node, self.function(node, a), given)
        return values

    @staticmethod
    def function(node, a):
        if node.op_type == 'BatchNormalization':
            return lambda x, scale, bias, mean, variance: F.batch_norm(x, mean, variance, scale, bias, eps=a['epsilon'])
        return lambda *xs: ops.OPERATORS[node.op_type](a, *xs)

    def gradients(self, xs, cls, apply=None):
        xs = xs.clone().requires_grad_()
        return torch.autograd.grad(self.run(xs, apply)[self.output][:, cls].sum(), xs)[0]

    def integrated_gradients(self, cls, steps):
        alphas = (torch.arange(int(steps)) + 0.5) / steps
        return (self.x * self.gradients(alphas.view(-1, 1, 1, 1) * self.x, cls).mean(0)).sum(1)

    def smooth_grad(self, cls, noise):
        return self.gradients(self.x + noise, cls).mean(0, keepdim=True).abs().amax(1)

    def guided(self, cls):
        class Guided(torch.autograd.Function):
            @staticmethod
            def forward(context, x):
                context.save_for_backward(x)
                return x.clamp(min=0)

            @staticmethod
            def backward(context, g):
                return g * (g > 0) * (context.saved_tensors[0] > 0)

        def apply(node, f, xs):
            return Guided.apply(xs[0]) if node.op_type == 'Relu' else f(*xs)
        return self.gradients(self.x, cls, apply).abs().amax(1)

    def grad_cam_plus_plus(self, cls):
        values = self.run(self.x.clone().requires_grad_())
        activation = values[[n for n, _ in self.nodes if n.op_type == 'Conv'][-1].output[0]]
        g = torch.autograd.grad(values[self.output][0, cls], activation)[0]
        below = 2 * g ** 2 + activation.sum((2, 3), keepdim=True) * g ** 3
        a = torch.where(below != 0, g ** 2 / torch.where(below != 0, below, torch.ones(())), torch.zeros(()))
        weights = (a * g.clamp(min=0)).sum((2, 3), keepdim=True)
        return (weights * activation).sum(1).clamp(min=0)

    def relevance(self, cls, gamma, epsilon):
        """Each node gets a gradient that is its relevance divided by its output: relevance is x times that."""
        def stable(z):
            least = epsilon * z.detach().pow(2).mean().sqrt()
            return z + torch.where(z < 0, -least, least)

        def favour(w, sign):
            return w + gamma * (w.clamp(min=0) if sign > 0 else w.clamp(max=0))

        def backward(node, f, xs, z, relevance):
            kind = node.op_type
            if kind in ('Relu', 'Flatten', 'Reshape', 'Transpose', 'Identity'):
                return [relevance.reshape(xs[0].shape)] if kind != 'Transpose' else None
            x = [v.detach().requires_grad_() if i == 0 or kind == 'Add' else v for i, v in enumerate(xs)]
            wanted = [v for v in x if v is not None and v.requires_grad]
            if kind == 'MaxPool':
                return torch.autograd.grad(f(*x), wanted, relevance)
            if gamma and kind in ('Conv', 'Gemm'):
                zeros = torch.zeros_like(xs[2]) if len(xs) > 2 else None
                total = 0
                for sign in (1, -1):
                    up, down = favour(xs[1], sign), favour(xs[1], -sign)
                    bias = [favour(xs[2], sign)] if zeros is not None else []
                    none = [zeros] if zeros is not None else []
                    p, n = x[0].clamp(min=0), x[0].clamp(max=0)
                    p, n = p.detach().requires_grad_(), n.detach().requires_grad_()
                    sums = f(p, up, *bias) + f(n, down, *none)
                    chosen = (z >= 0) if sign > 0 else (z < 0)
                    s = torch.where(chosen & (sums != 0), relevance / sums, torch.zeros(())).detach()
                    gp, gn = torch.autograd.grad(sums, [p, n], s)
                    total = total + p * gp + n * gn
                return [total.detach()]
            s = relevance / stable(z)
            return [(v * g).detach() for v, g in zip(wanted, torch.autograd.grad(f(*x), wanted, s))]

        tape = []

        def apply(node, f, xs):
            z = f(*xs)
            tape.append((node, f, xs, z))
            return z
        with torch.no_grad():
            values = self.run(self.x, apply)
        out = values[self.output]
        relevance = {self.output: F.one_hot(torch.tensor([cls]), out.shape[1]) * out}
        for node, f, xs, z in reversed(tape):
            if node.output[0] not in relevance:
                continue
            active = [name for i, name in enumerate(node.input) if i == 0 or node.op_type == 'Add']
            for name, share in zip(active, backward(node, f, xs, z, relevance[node.output[0]])):
                relevance[name] = relevance.get(name, 0) + share
        return relevance[self.input].sum(1)


def main():
    path, sample, dims, noise, copies = sys.argv[1:6]
    shape = [int(d) for d in dims.split(',')]
    x = torch.from_numpy(numpy.fromfile(sample, numpy.float32)).reshape(shape)
    drawn = torch.from_numpy(numpy.fromfile(noise, numpy.float32)).reshape([int(copies)] + shape[1:])
    explainer = Explainer(path, x)
    methods = {'integrated-gradients': explainer.integrated_gradients,
               'smooth-grad': lambda cls: explainer.smooth_grad(cls, drawn),
               'guided-backprop': explainer.guided,
               'grad-cam-plus-plus': explainer.grad_cam_plus_plus,
               'lrp-epsilon': lambda cls, epsilon: explainer.relevance(cls, 0, epsilon),
               'lrp-gamma': explainer.relevance}
    for line in sys.stdin:
        word, cls, *numbers = line.split()
        found = methods[word](int(cls), *(float(n) for n in numbers))
        print(*found.detach().flatten().tolist(), flush=True)


main()
