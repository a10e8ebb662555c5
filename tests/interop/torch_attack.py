# SPDX-License-Identifier: GPL-3.0-or-later
"""Attacks an ONNX model's inputs with PyTorch, from the same weights and the same starts.

torch_attack.py MODEL SAMPLES.raw LABELS.raw STARTS.raw DIMS

A line of standard input names an attack: "fgsm STRENGTH STEPS LOW HIGH" or "pgd ...", all in units of the input,
bounded in every element. The answer is a line with the cross-entropy of every attacked sample, and then how many
elements moved up less how many moved down.
"""
import sys

import numpy
import torch
import torch.nn.functional as F

import torch_training


def gradients(network, x, y):
    x = x.detach().requires_grad_()
    losses = F.cross_entropy(network(x), y, reduction='none')
    gradient, = torch.autograd.grad(losses.sum(), x)
    return losses.detach(), gradient


def fgsm(network, x, y, start, strength, steps, low, high):
    return (x + strength * gradients(network, x, y)[1].sign()).clamp(low, high)


def pgd(network, x, y, start, strength, steps, low, high):
    current, best = start, start.clone()
    most, gradient = gradients(network, current, y)
    for _ in range(steps):
        current = current + 2.5 * strength / steps * gradient.sign()
        current = (x + (current - x).clamp(-strength, strength)).clamp(low, high)
        losses, gradient = gradients(network, current, y)
        better = losses > most
        best[better], most[better] = current[better], losses[better]
    return best


def main():
    path, samples, labels, starts, dims = sys.argv[1:6]
    torch.set_num_threads(1)
    shape = [int(d) for d in dims.split(',')]
    x = torch.from_numpy(numpy.fromfile(samples, numpy.float32)).reshape(shape)
    start = torch.from_numpy(numpy.fromfile(starts, numpy.float32)).reshape(shape)
    y = torch.from_numpy(numpy.fromfile(labels, numpy.int64))
    network = torch_training.Network(path, 'frozen')
    for line in sys.stdin:
        method, strength, steps, low, high = line.split()
        made = (fgsm if method == 'fgsm' else pgd)(network, x, y, start, float(strength), int(steps), float(low),
                                                   float(high))
        print(*gradients(network, made, y)[0].tolist(), (made - x).sign().sum().item(), flush=True)


main()
