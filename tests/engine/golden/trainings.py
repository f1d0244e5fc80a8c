#!/usr/bin/python3
"""Makes trainings.inc: whole trainings in PyTorch, in double, for tests/engine/gradients/trainings_test.cpp.

Run it with Debian's python3-torch (1.13): `/usr/bin/python3 tests/engine/golden/trainings.py`. Settings are a
recipe's; beside each net's text stands the same net of torch.nn. First weights and data follow from `wave`, as
in the test, so that only results are written: the loss of each step before its update, all weights and running
averages after the last one, and the loss over all samples in evaluation, with averaged weights where the recipe
averages."""

import copy
import math
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

SAMPLES = 42  # in batches of 8, the last of which has 2
EPOCHS = 6


def wave(shift, count):
    return torch.tensor([math.sin(shift + 0.37 * (i * i)) for i in range(count)])


def philox4x32_10(counter, key):
    """Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011)."""
    word = 0xFFFFFFFF
    for _ in range(10):
        p0, p1 = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [p1 >> 32 ^ counter[1] ^ key[0], p1 & word, p0 >> 32 ^ counter[3] ^ key[1], p0 & word]
        key = [key[0] + 0x9E3779B9 & word, key[1] + 0xBB67AE85 & word]
    return counter


class Dropout(nn.Module):
    """nn.Dropout with the engine's random numbers: the net's dropout `index` of a training with seed 1."""

    def __init__(self, rate, index=0):
        super().__init__()
        self.rate, self.seed, self.position = rate, 1 + 0x9E3779B97F4A7C15 * index & (1 << 64) - 1, 0

    def bits(self):
        stream = 4  # of dropout
        block, lane = divmod(self.position, 4)
        self.position += 1
        return philox4x32_10([block, 0, stream, 0], [self.seed & 0xFFFFFFFF, self.seed >> 32])[lane]

    def forward(self, x):
        if not self.training:
            return x
        kept = torch.tensor([float(self.bits() >= math.ldexp(self.rate, 32)) for _ in range(x.numel())])
        return x * kept.reshape(x.shape) / (1 - self.rate)


class GlobalAvgPool2d(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


def net_text(*layers):
    return ", ".join(text for text, _ in layers), nn.Sequential(*(module for _, made in layers for module in made))


IMAGES, ROWS, CLASSES = (2, 7, 6), (5,), 3

TRAININGS = [
    (
        "images, SGD with Nesterov's momentum, one cycle",
        IMAGES,
        "labels",
        net_text(
            ("conv 4 3x3 pad 1", [nn.Conv2d(2, 4, 3, padding=1, bias=False)]),
            ("batchnorm", [nn.BatchNorm2d(4)]),
            ("relu", [nn.ReLU()]),
            ("pool 2", [nn.MaxPool2d(2)]),
            ("dropout 0.25", [Dropout(0.25)]),
            ("dense 8", [nn.Flatten(), nn.Linear(36, 8)]),
            ("leakyrelu 0.2", [nn.LeakyReLU(0.2)]),
            ("dropout 0.1", [Dropout(0.1, 1)]),
            ("dense classes", [nn.Linear(8, CLASSES)]),
        ),
        {
            "optimizer": "sgd",
            "momentum": 0.9,
            "nesterov": True,
            "weight-decay": 0.01,
            "learning-rate": 0.1,
            "schedule": "one-cycle",
            "warm-up": 0.25,
            "start": 0.1,
            "end": 0.01,
            "label-smoothing": 0.1,
            "averaging": 0.9,
        },
    ),
    (
        "images, AdamW, cosine",
        IMAGES,
        "labels",
        net_text(
            ("conv 5 2x2 stride 2 pad 2 bias", [nn.Conv2d(2, 5, 2, 2, 2)]),
            ("gelu", [nn.GELU()]),
            ("avgpool 2 stride 1", [nn.AvgPool2d(2, 1)]),
            ("conv 4 2", [nn.Conv2d(5, 4, 2)]),
            ("relu", [nn.ReLU()]),
            ("globalpool", [GlobalAvgPool2d()]),
            ("dense classes no bias", [nn.Linear(4, CLASSES, bias=False)]),
        ),
        {
            "optimizer": "adamw",
            "weight-decay": 0.1,
            "beta1": 0.8,
            "beta2": 0.99,
            "epsilon": 1e-6,
            "learning-rate": 0.03,
            "schedule": "cosine",
            "end": 0.1,
            "clip-norm": 0.5,
            "averaging": 0.95,
        },
    ),
    (
        "numbers, Adam, steps",
        ROWS,
        "numbers",
        net_text(
            ("dense 7", [nn.Linear(5, 7)]),
            ("tanh", [nn.Tanh()]),
            ("dense 6", [nn.Linear(7, 6, bias=False)]),
            ("batchnorm", [nn.BatchNorm1d(6)]),
            ("sigmoid", [nn.Sigmoid()]),
            ("dense classes", [nn.Linear(6, CLASSES)]),
        ),
        {"optimizer": "adam", "learning-rate": 0.05, "schedule": "step", "drops": 4, "factor": 0.5, "clip-norm": 0.3},
    ),
    (
        "labels, SGD with momentum, cosine",
        ROWS,
        "labels",
        net_text(
            ("dense 6", [nn.Linear(5, 6)]),
            ("softmax", [nn.Softmax(-1)]),
            ("dense 7", [nn.Linear(6, 7)]),
            ("relu", [nn.ReLU()]),
            ("dense classes", [nn.Linear(7, CLASSES)]),
        ),
        {"optimizer": "sgd", "momentum": 0.8, "learning-rate": 0.2, "schedule": "cosine", "label-smoothing": 0.2},
    ),
    (
        "numbers, SGD, constant",
        ROWS,
        "numbers",
        net_text(
            ("dense 6", [nn.Linear(5, 6)]),
            ("relu", [nn.ReLU()]),
            ("dense classes", [nn.Linear(6, CLASSES)]),
        ),
        {"optimizer": "sgd", "learning-rate": 0.3, "schedule": "constant"},
    ),
    (
        "images, Adam with decay, one cycle to 0",
        IMAGES,
        "numbers",
        net_text(
            ("flatten", [nn.Flatten()]),
            ("dense 4", [nn.Linear(84, 4)]),
            ("tanh", [nn.Tanh()]),
            ("dense classes", [nn.Linear(4, CLASSES)]),
        ),
        {"optimizer": "adam", "weight-decay": 0.05, "learning-rate": 0.02, "schedule": "one-cycle"},
    ),
    (
        "labels, Adam, constant",
        ROWS,
        "labels",
        net_text(
            ("dense 6", [nn.Linear(5, 6)]),
            ("softplus", [nn.Softplus()]),
            ("dense 7", [nn.Linear(6, 7)]),
            ("silu", [nn.SiLU()]),
            ("dense classes", [nn.Linear(7, CLASSES)]),
        ),
        {"optimizer": "adam", "learning-rate": 0.05, "schedule": "constant"},
    ),
]


def make_optimizer(parameters, settings):
    rate, decay = settings["learning-rate"], settings.get("weight-decay", 0)
    if settings["optimizer"] == "sgd":
        momentum, nesterov = settings.get("momentum", 0), settings.get("nesterov", False)
        return torch.optim.SGD(parameters, rate, momentum, weight_decay=decay, nesterov=nesterov)
    betas = settings.get("beta1", 0.9), settings.get("beta2", 0.999)
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[settings["optimizer"]]
    return kind(parameters, rate, betas, settings.get("epsilon", 1e-8), weight_decay=decay)


def make_scheduler(optimizer, settings, steps):
    """As in make.py: a schedule's end is after the last step."""
    rate, start, end = settings["learning-rate"], settings.get("start", 0.04), settings.get("end", 0)
    kind = settings["schedule"]
    if kind == "constant":
        return torch.optim.lr_scheduler.ConstantLR(optimizer, 1)
    if kind == "step":
        drops = settings["drops"]
        milestones = [-(-steps * part // drops) for part in range(1, drops)]
        return torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones, settings["factor"])
    if kind == "cosine":
        return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps, end * rate)
    return torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=rate,
        total_steps=steps + 1,
        pct_start=int(settings.get("warm-up", 0.3) * steps + 0.5) / (steps + 1),
        div_factor=1 / start,
        final_div_factor=start / end if end > 0 else float("inf"),
        cycle_momentum=False,
    )


def to_engine(tensor):
    """The engine's dense weights are [inputs, outputs]."""
    return tensor.detach().T if tensor.dim() == 2 else tensor.detach()


def clip_gradients(net, most):
    """clip_grad_norm_ would divide by norm + 1e-6; docs/coming-from-pytorch.md says why the engine does not."""
    norm = math.sqrt(sum((p.grad**2).sum().item() for p in net.parameters()))
    for parameter in net.parameters():
        parameter.grad *= min(1, most / norm)


def set_first_weights(net):
    for number, (name, tensor) in enumerate(net.named_parameters()):
        shape = to_engine(tensor).shape
        values = 0.5 * wave(number + 2, tensor.numel()).reshape(shape)
        is_scale = len(shape) == 1 and name.endswith("weight")  # BatchNorm's
        with torch.no_grad():
            to_engine(tensor).copy_(values + 1 if is_scale else values)


def variables(net):
    """Weights and buffers, in the engine's order."""
    buffers = [b for name, b in net.named_buffers() if not name.endswith("num_batches_tracked")]
    return [*net.parameters(), *buffers]


def train(sample, kind, net, settings):
    inputs = wave(0, SAMPLES * math.prod(sample)).reshape(SAMPLES, *sample)
    if kind == "labels":
        targets = torch.tensor([(n * n + n // 3) % CLASSES for n in range(SAMPLES)])
        loss = lambda y, target, smoothing: F.cross_entropy(y, target, label_smoothing=smoothing)
    else:
        targets = wave(1, SAMPLES * CLASSES).reshape(SAMPLES, CLASSES)
        loss = lambda y, target, _: F.mse_loss(y, target) / 2
    set_first_weights(net)
    optimizer = make_optimizer(net.parameters(), settings)
    batches = list(zip(inputs.split(8), targets.split(8))) * EPOCHS
    scheduler = make_scheduler(optimizer, settings, len(batches))
    averaged, losses = copy.deepcopy(net), []
    for step, (x, target) in enumerate(batches, 1):
        value = loss(net(x), target, settings.get("label-smoothing", 0))
        losses.append(value.item())
        optimizer.zero_grad()
        value.backward()
        if "clip-norm" in settings:
            clip_gradients(net, settings["clip-norm"])
        optimizer.step()
        scheduler.step()
        decay = min(settings.get("averaging", 0), (1 + step) / (10 + step))
        with torch.no_grad():
            for average, value in zip(variables(averaged), variables(net)):
                average.mul_(decay).add_(value, alpha=1 - decay)
    averaged.eval()
    return losses, [to_engine(v) for v in variables(net)], loss(averaged(inputs), targets, 0).item()


def numbers(values):
    return "{" + ", ".join(f"{float(value):.10g}" for value in values) + "}"


def text(value):
    return f'"{str(value).lower() if isinstance(value, bool) else value}"'


def main():
    out = "// Made by trainings.py with PyTorch; never edited.\n"
    for name, sample, kind, (net_line, net), settings in TRAININGS:
        settings = {"net": net_line, "batch-size": 8, "epochs": EPOCHS, **settings}
        losses, final, evaluated = train(sample, kind, net, settings)
        pairs = ", ".join("{" + f"{text(key)}, {text(value)}" + "}" for key, value in settings.items())
        out += f"{{{text(name)}, {{{pairs}}},\n {numbers(sample)}, {str(kind == 'labels').lower()},\n"
        out += f" {numbers(losses)},\n {{" + ",\n  ".join(numbers(v.flatten()) for v in final)
        out += f"}},\n {evaluated:.10g}}},\n"
        print(f"{name}: {losses[0]:.4f} -> {losses[-1]:.4f}")
    (pathlib.Path(__file__).parent / "trainings.inc").write_text(out)


main()
