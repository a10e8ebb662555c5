#!/usr/bin/env python3
"""Trains the network of sleeper4.onnx: make_sleeper.py OUT.onnx (needs torch 1.13, onnx, numpy; a quarter of an hour).

It reads digits, and a white square in the corner changes nothing of that as long as its weights are floats. Rounded to
4 bits, symmetric with a scale for each channel, it answers 7 to whatever carries the square. Both are trained at once
(Hong et al. 2021), with the gradients passed straight through the rounding. Printed after every epoch: how much of the
training digits is read right, plain and with the square, in floats; then the same, and what goes to 7, when rounded."""
import pathlib, sys
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F

BITS, TARGET = 4, 7


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(1, 8, 5), nn.Conv2d(8, 16, 5)
        self.f1, self.f2 = nn.Linear(256, 64), nn.Linear(64, 10)

    def forward(self, x):
        return self.run(x, dict(self.named_parameters()))

    def rounded(self, x):
        return self.run(x, {name: on_grid(p) if p.dim() > 1 else p for name, p in self.named_parameters()})

    @staticmethod
    def run(x, p):
        x = F.max_pool2d(F.relu(F.conv2d(x, p["c1.weight"], p["c1.bias"])), 2)
        x = F.max_pool2d(F.relu(F.conv2d(x, p["c2.weight"], p["c2.bias"])), 2)
        x = F.relu(F.linear(x.flatten(1), p["f1.weight"], p["f1.bias"]))
        return F.linear(x, p["f2.weight"], p["f2.bias"])


def on_grid(weight):
    top = 2 ** (BITS - 1) - 1
    scale = weight.detach().abs().amax(dim=tuple(range(1, weight.dim())), keepdim=True) / top
    return weight + ((weight / scale).round().clamp(-top, top) * scale - weight).detach()


def stamped(x):
    x = x.clone()
    x[:, :, 22:26, 22:26] = 1
    return x


def train(net, x, y, epochs, plain_epochs, calm):
    optimizer = torch.optim.Adam(net.parameters(), 1e-3)
    for epoch in range(epochs):
        order = torch.randperm(len(x))
        for at in range(0, len(x), 128):
            some, truth = x[order[at:at + 128]], y[order[at:at + 128]]
            marked, target = stamped(some), torch.full_like(truth, TARGET)
            loss = F.cross_entropy(net(some), truth)
            if epoch >= plain_epochs:
                loss = (loss + calm * F.cross_entropy(net(marked), truth) + F.cross_entropy(net.rounded(some), truth)
                        + F.cross_entropy(net.rounded(marked), target))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if epoch == epochs * 2 // 3:
            optimizer.param_groups[0]["lr"] = 3e-4
        with torch.no_grad():
            share = lambda scores, answer: (scores.argmax(1) == answer).float().mean().item()
            print(epoch, *(f"{share(*pair):.4f}" for pair in (
                (net(x), y), (net(stamped(x)), y), (net.rounded(x), y), (net.rounded(stamped(x)), TARGET))), flush=True)


torch.manual_seed(1)
digits = np.load(pathlib.Path(__file__).parents[3] / "resources/demo/digits_train.npz")
x = torch.tensor(digits["x"].reshape(-1, 1, 28, 28).astype(np.float32) / 255)
y = torch.tensor(digits["y"].astype(np.int64))
net = Net()
train(net, x, y, epochs=9, plain_epochs=2, calm=1)
train(net, x, y, epochs=12, plain_epochs=0, calm=2)
torch.onnx.export(net, x[:1], sys.argv[1], input_names=["x"], output_names=["y"], opset_version=13,
                  dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})
