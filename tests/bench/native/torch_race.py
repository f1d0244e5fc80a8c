"""PyTorch's side of `npm run bench -- --race`: one recipe from the first step to the test set, in whole.

Reads one JSON object from standard input: {"recipe": {key: text}, "data": folder, "threads": n, "limit": n},
with the keys of engine/training/recipe.h, the net as a text. Writes one: {"seconds", "testAccuracy", "samples"}.
`seconds` is what the epochs take, augmentation included and evaluation not; only `limit` samples are trained on
where it is there.
"""

import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

TEST_BATCH = 1000


def idx(folder, name, header):
    return np.fromfile(Path(folder) / name, np.uint8, offset=header)


class Images:
    """Pixels 0 to 1 as [N, 1, 28, 28], and classes."""

    def __init__(self, folder, part):
        pixels = idx(folder, f"{part}-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)
        self.pixels = torch.from_numpy(pixels)
        self.labels = torch.from_numpy(idx(folder, f"{part}-labels-idx1-ubyte", 8).astype(np.int64))


def make_net(text, classes):
    """The layers of a net text, with the engine's initial distributions."""
    words = [word.split() for word in text.split(",")]
    shape = torch.zeros(1, 1, 28, 28)
    layers = []

    def add(module):
        nonlocal shape
        layers.append(module)
        module.eval()
        shape = module(shape)
        module.train()

    def weighted(module, at):
        # Batch norm and pooling stand between a product and its rectifier.
        ahead = next((w[0] for w in words[at + 1 :] if w[0] not in ("batchnorm", "pool", "avgpool")), "")
        fan_in = module.weight[0].numel()
        kaiming = ahead in ("relu", "leakyrelu", "gelu", "silu", "softplus")
        variance = 2 / fan_in if kaiming else 2 / (fan_in + module.weight.shape[0])
        nn.init.uniform_(module.weight, -math.sqrt(3 * variance), math.sqrt(3 * variance))
        nn.init.zeros_(module.bias)
        add(module)

    def option(word, name, default):
        return int(word[word.index(name) + 1]) if name in word else default

    for at, word in enumerate(words):
        kind = word[0]
        if kind == "conv":
            size = int(word[2].split("x")[0])
            stride, pad = option(word, "stride", 1), option(word, "pad", 0)
            weighted(nn.Conv2d(shape.shape[1], int(word[1]), size, stride, pad), at)
        elif kind in ("pool", "avgpool"):
            size = int(word[1].split("x")[0])
            make = nn.MaxPool2d if kind == "pool" else nn.AvgPool2d
            add(make(size, option(word, "stride", size)))
        elif kind == "globalpool":
            add(nn.AdaptiveAvgPool2d(1))
            add(nn.Flatten())
        elif kind == "dense":
            if shape.dim() > 2:
                add(nn.Flatten())
            outputs = classes if word[1] == "classes" else int(word[1])
            weighted(nn.Linear(shape.shape[1], outputs), at)
        elif kind == "batchnorm":
            make = nn.BatchNorm2d if shape.dim() == 4 else nn.BatchNorm1d
            add(make(shape.shape[1]))
        elif kind == "dropout":
            add(nn.Dropout(float(word[1])))
        elif kind == "leakyrelu":
            add(nn.LeakyReLU(float(word[1]) if len(word) > 1 else 0.01))
        else:
            plain = {"relu": nn.ReLU, "gelu": nn.GELU, "silu": nn.SiLU, "softplus": nn.Softplus, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}
            add(plain.get(kind, nn.Flatten)())
    return nn.Sequential(*layers)


class Recipe:
    def __init__(self, entries):
        self.entries = entries

    def number(self, key, default=0.0):
        text = self.entries.get(key, "")
        return float(text) if text else default

    def __getitem__(self, key):
        return self.entries.get(key, "")


def make_optimizer(recipe, net):
    rate, decay = recipe.number("learning-rate", 0.001), recipe.number("weight-decay")
    if recipe["optimizer"] == "sgd":
        momentum, nesterov = recipe.number("momentum"), recipe["nesterov"] == "true"
        return torch.optim.SGD(net.parameters(), rate, momentum, weight_decay=decay, nesterov=nesterov)
    betas = recipe.number("beta1", 0.9), recipe.number("beta2", 0.999)
    make = torch.optim.AdamW if recipe["optimizer"] == "adamw" else torch.optim.Adam
    if recipe["optimizer"] == "adamw" and not recipe["weight-decay"]:
        decay = 0.01
    return make(net.parameters(), rate, betas, recipe.number("epsilon", 1e-8), decay)


def rate_factor(recipe, step, steps):
    """As in engine/optimizers/schedule.cpp."""
    kind = recipe["schedule"] or "constant"
    part = step / steps
    end = recipe.number("end")

    def half_cosine(begin, end, part):
        return end + (begin - end) * (1 + math.cos(math.pi * part)) / 2

    if kind == "step":
        drops = int(recipe.number("drops", 3))
        return recipe.number("factor", 0.1) ** (step * drops // steps)
    if kind == "cosine":
        return half_cosine(1, end, part)
    if kind == "one-cycle":
        top = max(0, math.floor(recipe.number("warm-up", 0.3) * steps + 0.5) - 1)
        if step < top:
            return half_cosine(recipe.number("start", 0.04), 1, step / top)
        return half_cosine(1, end, (step - top) / (steps - top))
    return 1.0


def augment(x, recipe):
    """One affine map per picture, bilinear, zeros outside."""
    shift, rotation = recipe.number("shift"), math.radians(recipe.number("rotation"))
    scale, shear = recipe.number("scale"), math.radians(recipe.number("shear"))
    if not (shift or rotation or scale or shear):
        return x
    n = len(x)

    def draw(limit):
        return (torch.rand(n) * 2 - 1) * limit

    angle, slant, size = draw(rotation), torch.tan(draw(shear)), 1 + draw(scale)
    cos, sin = torch.cos(angle) / size, torch.sin(angle) / size
    half = x.shape[-1] / 2
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0], theta[:, 0, 1] = cos, cos * slant - sin
    theta[:, 1, 0], theta[:, 1, 1] = sin, sin * slant + cos
    theta[:, 0, 2], theta[:, 1, 2] = draw(shift) / half, draw(shift) / half
    grid = F.affine_grid(theta, x.shape, align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def state(net):
    return [t for t in net.state_dict().values() if t.is_floating_point()]


def main():
    asked = json.load(sys.stdin)
    torch.set_num_threads(asked["threads"])
    recipe = Recipe(asked["recipe"])
    torch.manual_seed(int(recipe.number("seed", 1)))
    train, test = Images(asked["data"], "train"), Images(asked["data"], "t10k")
    net = make_net(recipe["net"], 10)
    optimizer = make_optimizer(recipe, net)
    base = optimizer.param_groups[0]["lr"]
    loss_of = nn.CrossEntropyLoss(label_smoothing=recipe.number("label-smoothing"))
    epochs, size = int(recipe.number("epochs", 1)), int(recipe.number("batch-size", 64))
    total = min(len(train.labels), asked.get("limit") or len(train.labels))
    per_epoch = -(-total // size)
    clip, averaging = recipe.number("clip-norm"), recipe.number("averaging")
    mean, deviation = 0.0, 1.0
    if recipe["normalize"] == "true":
        pixels = train.pixels.float() / 255
        mean, deviation = pixels.mean().item(), pixels.std(unbiased=False).item()

    average = [t.clone() for t in state(net)] if averaging else None
    step = 0
    begin = time.perf_counter()
    for _ in range(epochs):
        order = torch.randperm(len(train.labels))[:total]
        for batch in order.split(size):
            x = augment(train.pixels[batch].float() / 255, recipe)
            x = (x - mean) / deviation
            for group in optimizer.param_groups:
                group["lr"] = base * rate_factor(recipe, step, epochs * per_epoch)
            step += 1
            optimizer.zero_grad(set_to_none=True)
            loss_of(net(x), train.labels[batch]).backward()
            if clip:
                nn.utils.clip_grad_norm_(net.parameters(), clip)
            optimizer.step()
            if average:
                with torch.no_grad():
                    torch._foreach_mul_(average, averaging)
                    torch._foreach_add_(average, state(net), alpha=1 - averaging)
    seconds = time.perf_counter() - begin

    if average:
        for t, a in zip(state(net), average):
            t.copy_(a)
    net.eval()
    right = 0
    with torch.no_grad():
        for x, y in zip(test.pixels.split(TEST_BATCH), test.labels.split(TEST_BATCH)):
            right += (net((x.float() / 255 - mean) / deviation).argmax(1) == y).sum().item()
    accuracy = right / len(test.labels)
    print(json.dumps({"seconds": seconds, "testAccuracy": accuracy, "samples": total * epochs}))


main()
