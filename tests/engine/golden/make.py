#!/usr/bin/python3
"""Makes the .inc files of this folder: what PyTorch computes, in double, for the engine's tests.

Run it with Debian's python3-torch (1.13): `/usr/bin/python3 tests/engine/golden/make.py`.
The same bytes come out each time. golden.h reads the format; an empty line ends a record:

    add                      the record's name
    x0 2,3: 0.5 -1 ...       one array per line: key, shape, values
"""

import pathlib
import random

import torch
import torch.nn.functional as F

FOLDER = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


class Numbers:
    """Multiples of 1/128: short as text and exact as floats. No two in one draw are equal, and none
    is 0, so that maxima, abs and relu stay away from their kinks."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def draw(self, shapes, low=-2.0, high=2.0):
        grid = [i for i in range(round(low * 128), round(high * 128)) if i != 0]
        total = sum(torch.Size(shape).numel() for shape in shapes)
        values = torch.tensor([i / 128 for i in self.random.sample(grid, total)])
        parts = values.split([torch.Size(shape).numel() for shape in shapes])
        return [part.reshape(shape) for part, shape in zip(parts, shapes)]

    def one(self, shape, low=-2.0, high=2.0):
        return self.draw([shape], low, high)[0]


def number(value):
    return f"{float(value):.9g}"


def record(name, **arrays):
    lines = [name]
    for key, array in arrays.items():
        array = torch.as_tensor(array).detach()
        shape = ",".join(str(extent) for extent in array.shape)
        values = " ".join(number(value) for value in array.flatten())
        lines.append(f"{key} {shape}: {values}")
    return "\n".join(lines) + "\n"


def write(file, records):
    # Compilers promise only 64 kB for one string literal.
    literals = [""]
    for text in records:
        if len(literals[-1]) + len(text) > 60000:
            literals.append("")
        literals[-1] += "\n" + text
    text = ",\n".join(f'R"({literal})"' for literal in literals)
    (FOLDER / file).write_text(f"// Made by make.py with PyTorch; never edited.\n{text}\n")


def forward_and_backward(name, function, inputs, numbers):
    """One record: the inputs x0, x1 ..., a gradient dy of the output y, and theirs, dx0, dx1 ..."""
    inputs = [x.clone().requires_grad_() for x in inputs]
    y = function(*inputs)
    dy = numbers.one(tuple(y.shape))
    gradients = torch.autograd.grad(y, inputs, dy)
    return record(
        name,
        **{f"x{i}": x for i, x in enumerate(inputs)},
        dy=dy,
        y=y,
        **{f"dx{i}": dx for i, dx in enumerate(gradients)},
    )


BROADCASTING = [
    [(2, 3), (2, 3)],
    [(2, 3), (3,)],
    [(3,), (2, 3)],
    [(2, 1), (1, 3)],
    [(2, 2), ()],
    [(), (3,)],
    [(2, 1, 2), (3, 1)],
]
ONE = [[(2, 3)], [(9,)]]
AXES = [[(2, 3)], [(2, 3, 2)]]
CONVOLUTIONS = [[(2, 2, 4, 5), (3, 2, 3, 2), (3,)], [(1, 1, 3, 3), (1, 1, 3, 3), (1,)]]
IMAGES = [[(2, 2, 4, 5)], [(1, 1, 3, 3)]]
CHANNELS = [[(4, 3), (3,), (3,)], [(2, 3, 2, 3), (3,), (3,)]]
POSITIVE = (0.125, 3.0)
ANY = (-2.0, 2.0)


def given_batch_norm(x, weight, bias):
    channels = torch.arange(len(weight), dtype=x.dtype)
    return F.batch_norm(x, channels - 1, channels + 1.5, weight, bias, False, 0.1, 0.5)


# name in tests/engine/tensor/op_table.h, the same in PyTorch, shapes of the operands, range of values
OPS = [
    ("add", lambda a, b: a + b, BROADCASTING, ANY),
    ("sub", lambda a, b: a - b, BROADCASTING, ANY),
    ("mul", lambda a, b: a * b, BROADCASTING, ANY),
    ("div", lambda a, b: a / b, BROADCASTING, ANY),
    ("pow", torch.pow, BROADCASTING, POSITIVE),
    ("pow of 3", lambda x: x**3, ONE, ANY),
    ("pow of -1", lambda x: x**-1, ONE, ANY),
    ("maximum", torch.maximum, BROADCASTING, ANY),
    ("square", lambda x: x * x, ONE, ANY),
    ("diamond", lambda x: torch.exp(x) * torch.tanh(x) + x, ONE, ANY),
    ("matmul with itself", lambda x: x @ x, [[(3, 3)]], ANY),
    ("with numbers", lambda x: (2 - x) * 3 / (4 + x) - 1 / (x - 5), ONE, ANY),
    ("neg", lambda x: -x, ONE, ANY),
    ("abs", torch.abs, ONE, ANY),
    ("exp", torch.exp, ONE, (-4.0, 4.0)),
    ("log", torch.log, ONE, POSITIVE),
    ("sqrt", torch.sqrt, ONE, POSITIVE),
    ("tanh", torch.tanh, ONE, (-3.0, 3.0)),
    ("sigmoid", torch.sigmoid, ONE, (-6.0, 6.0)),
    ("relu", torch.relu, ONE, ANY),
    ("matmul", torch.matmul, [[(2, 3), (3, 4)], [(1, 5), (5, 1)], [(3, 1), (1, 2)]], ANY),
    ("transpose", lambda x: x.transpose(-2, -1), AXES, ANY),
    ("transpose 0 2", lambda x: x.transpose(0, 2), [[(2, 3, 2)]], ANY),
    ("reshape flat", lambda x: x.reshape(-1), AXES, ANY),
    ("sum", lambda x: x.sum(), AXES, ANY),
    ("sum axis 0", lambda x: x.sum(0), AXES, ANY),
    ("sum axis 1", lambda x: x.sum(1), AXES, ANY),
    ("sum axis -1 keepdims", lambda x: x.sum(-1, keepdim=True), AXES, ANY),
    ("mean", lambda x: x.mean(), AXES, ANY),
    ("mean axis 0", lambda x: x.mean(0), AXES, ANY),
    ("mean axis 1", lambda x: x.mean(1), AXES, ANY),
    ("mean axis -1 keepdims", lambda x: x.mean(-1, keepdim=True), AXES, ANY),
    ("max", lambda x: x.max(), AXES, ANY),
    ("max axis 0", lambda x: x.amax(0), AXES, ANY),
    ("max axis 1", lambda x: x.amax(1), AXES, ANY),
    ("max axis -1 keepdims", lambda x: x.amax(-1, keepdim=True), AXES, ANY),
    ("conv2d", F.conv2d, [[(2, 2, 4, 5), (3, 2, 3, 2)]], ANY),
    ("conv2d with bias", F.conv2d, CONVOLUTIONS, ANY),
    ("conv2d stride 2 padding 1", lambda x, w, b: F.conv2d(x, w, b, 2, 1), CONVOLUTIONS, ANY),
    ("conv2d with relu", lambda x, w, b: F.conv2d(x, w, b, 1, 2).relu(), CONVOLUTIONS, ANY),
    ("conv2d with max_pool2d", lambda x, w, b: F.max_pool2d(F.conv2d(x, w, b), 2, 1), CONVOLUTIONS[:1], ANY),
    ("conv2d with max_pool2d and relu", lambda x, w, b: F.max_pool2d(F.conv2d(x, w, b, 2, 2), 2).relu(), CONVOLUTIONS[:1], ANY),
    ("max_pool2d", lambda x: F.max_pool2d(x, 2), IMAGES, ANY),
    ("max_pool2d 3 by 1", lambda x: F.max_pool2d(x, 3, 1), IMAGES, ANY),
    ("avg_pool2d", lambda x: F.avg_pool2d(x, 2), IMAGES, ANY),
    ("avg_pool2d 3 by 1", lambda x: F.avg_pool2d(x, 3, 1), IMAGES, ANY),
    ("global_avg_pool2d", lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1), IMAGES, ANY),
    ("log_softmax", lambda x: torch.log_softmax(x, -1), [[(5,)], [(2, 3)], [(2, 2, 3)]], ANY),
    ("softmax", lambda x: torch.softmax(x, -1), [[(5,)], [(2, 3)], [(2, 2, 3)]], ANY),
    ("gelu", F.gelu, ONE, (-6.0, 6.0)),
    ("leaky_relu", F.leaky_relu, ONE, ANY),
    ("leaky_relu of 0.25", lambda x: F.leaky_relu(x, 0.25), ONE, ANY),
    ("batch_norm", lambda x, w, b: F.batch_norm(x, None, None, w, b, True, 0.1, 0.01), CHANNELS, ANY),
    ("batch_norm as given", given_batch_norm, CHANNELS, ANY),
    ("softplus", F.softplus, ONE, (-6.0, 6.0)),
    ("silu", F.silu, ONE, (-6.0, 6.0)),
]


def ops():
    numbers = Numbers(1)
    for name, function, samples, (low, high) in OPS:
        for shapes in samples:
            yield forward_and_backward(name, function, numbers.draw(shapes, low, high), numbers)


def mse(prediction, target):
    return ((prediction - target) ** 2).sum() / (2 * target.numel())


def losses():
    numbers = Numbers(2)
    for shape in [(3, 2), (4,), ()]:
        yield forward_and_backward("MSE", mse, numbers.draw([shape, shape]), numbers)
    for rows, classes in [(1, 2), (4, 3), (3, 10)]:
        logits = numbers.one((rows, classes), -3, 3).requires_grad_()
        labels = torch.tensor([(7 * row + 1) % classes for row in range(rows)])
        y = F.cross_entropy(logits, labels)
        (dx,) = torch.autograd.grad(y, [logits])
        yield record("SoftmaxCrossEntropy", x0=logits, labels=labels, y=y, dx0=dx)
    for rows, classes, smoothing in [(1, 2, 0.5), (4, 3, 0.1), (3, 10, 0.25)]:
        logits = numbers.one((rows, classes), -3, 3).requires_grad_()
        labels = torch.tensor([(5 * row + 1) % classes for row in range(rows)])
        y = F.cross_entropy(logits, labels, label_smoothing=smoothing)
        (dx,) = torch.autograd.grad(y, [logits])
        smoothing = torch.tensor(smoothing)
        yield record("SoftmaxCrossEntropy", x0=logits, labels=labels, smoothing=smoothing, y=y, dx0=dx)


def layers():
    numbers = Numbers(3)
    for n, i, o in [(2, 3, 4), (1, 5, 1)]:
        yield forward_and_backward("Dense", torch.matmul, numbers.draw([(n, i), (i, o)]), numbers)
        yield forward_and_backward("Bias", torch.add, numbers.draw([(n, o), (o,)]), numbers)
    for name, function in [
        ("ReLU", torch.relu),
        ("Sigmoid", torch.sigmoid),
        ("Tanh", torch.tanh),
        ("LeakyReLU", F.leaky_relu),
        ("GELU", F.gelu),
        ("SiLU", F.silu),
        ("Softplus", F.softplus),
        ("Softmax", lambda x: torch.softmax(x, -1)),
    ]:
        yield forward_and_backward(name, function, [numbers.one((3, 4))], numbers)
    for shape in [(4, 3), (2, 3, 2, 3)]:
        yield batch_norm_layer(shape, numbers)


def batch_norm_layer(shape, numbers):
    """Two forward passes in training, on x0 and x1, then one in evaluation, on x2, each with its
    backward pass; the running averages after training."""
    layer = torch.nn.BatchNorm1d(3) if len(shape) == 2 else torch.nn.BatchNorm2d(3)
    weight, bias = numbers.draw([(3,), (3,)])
    layer.weight.data.copy_(weight)
    layer.bias.data.copy_(bias)
    arrays = {"weight": weight, "bias": bias}
    for step in range(3):
        layer.train(step < 2)
        x = numbers.one(shape).requires_grad_()
        dy = numbers.one(shape)
        y = layer(x)
        gradients = torch.autograd.grad(y, [x, layer.weight, layer.bias], dy)
        arrays |= {f"x{step}": x, f"dy{step}": dy, f"y{step}": y}
        arrays |= {f"d{key}{step}": g for key, g in zip(["x", "weight", "bias"], gradients)}
    arrays |= {"running_mean": layer.running_mean, "running_var": layer.running_var}
    return record("BatchNorm", **arrays)


STEPS = 10


def optimizers():
    """Ten steps on given gradients g0, g1 of two tensors from w0, w1; all values on the way stand in
    y0, y1. The learning rate is halved after the sixth step."""
    numbers = Numbers(4)
    shapes = [(2, 3), (5,)]
    for name, make in [
        ("SGD plain", lambda w: torch.optim.SGD(w, 0.1)),
        ("SGD momentum", lambda w: torch.optim.SGD(w, 0.05, momentum=0.9)),
        ("SGD decay", lambda w: torch.optim.SGD(w, 0.05, momentum=0.9, weight_decay=0.1)),
        ("Adam plain", lambda w: torch.optim.Adam(w, 0.1)),
        ("SGD nesterov", lambda w: torch.optim.SGD(w, 0.05, momentum=0.8, weight_decay=0.1, nesterov=True)),
        ("AdamW", lambda w: torch.optim.AdamW(w, 0.1, (0.8, 0.99), 1e-6, weight_decay=0.2)),
        ("Adam decay", lambda w: torch.optim.Adam(w, 0.1, (0.8, 0.99), 1e-6, weight_decay=0.1)),
    ]:
        weights = [w.requires_grad_() for w in numbers.draw(shapes)]
        gradients = [numbers.one((STEPS, *shape)) for shape in shapes]
        first = [w.detach().clone() for w in weights]
        path = [[], []]
        optimizer = make(weights)
        for step in range(STEPS):
            if step == 6:
                optimizer.param_groups[0]["lr"] /= 2
            for w, g, values in zip(weights, gradients, path):
                w.grad = g[step].clone()
            optimizer.step()
            for w, values in zip(weights, path):
                values.append(w.detach().clone())
        yield record(
            name,
            w0=first[0],
            w1=first[1],
            g0=gradients[0],
            g1=gradients[1],
            y0=torch.stack(path[0]),
            y1=torch.stack(path[1]),
        )


def training():
    """Ten steps of an MLP 5-8-6-3 on ten batches of 4: the losses before each step, the weights and
    biases of the three layers before and after."""
    numbers = Numbers(5)
    widths = [5, 8, 6, 3]
    inputs = numbers.one((4 * STEPS, widths[0]))
    labels = torch.tensor([int(row.abs().sum() * 4) % widths[-1] for row in inputs])
    targets = numbers.one((4 * STEPS, widths[-1]), -1, 1)
    yield record("data", inputs=inputs, labels=labels, targets=targets)
    for name, activation, loss, wanted, make in [
        ("relu labels adam", torch.relu, F.cross_entropy, labels, lambda w: torch.optim.Adam(w, 0.03)),
        ("tanh numbers sgd", torch.tanh, mse, targets, lambda w: torch.optim.SGD(w, 0.2, momentum=0.9)),
    ]:
        weights = [numbers.one(shape, -0.75, 0.75) for shape in zip(widths, widths[1:])]
        biases = [numbers.one((width,), -0.25, 0.25) for width in widths[1:]]
        before = [w.clone() for w in weights + biases]
        tensors = [w.requires_grad_() for w in weights + biases]
        optimizer = make(tensors)
        curve = []
        for x, y in zip(inputs.split(4), wanted.split(4)):
            for layer, (w, b) in enumerate(zip(weights, biases)):
                x = x @ w + b
                if layer < 2:
                    x = activation(x)
            value = loss(x, y)
            curve.append(value.item())
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
        keys = ["weight1", "weight2", "weight3", "bias1", "bias2", "bias3"]
        yield record(
            name,
            losses=torch.tensor(curve),
            **dict(zip(keys, before)),
            **{f"{key}_after": w for key, w in zip(keys, tensors)},
        )


# ---- Special points ----------------------------------------------------------
# Zeros of both signs, ties, bounds, infinities, NaN, denormals, numbers far from 1 and near 0.

INF, NAN = float("inf"), float("nan")
LARGEST, NORMAL, DENORMAL = 3.40282347e38, 1.17549435e-38, 1.4e-45

# What functions of one number are tried at, beside the bounds of exp, tanh and gelu in float.
POINTS = [0.0, 1.0, 0.5, 2.0, 3.0, INF, 1e-40, DENORMAL, NORMAL, 1e-30, 1e30, LARGEST]
POINTS = [sign * point for point in POINTS for sign in (1, -1)] + [NAN]
BOUNDS = [9.0, 9.1, 14.0, 16.7, 17.4, 20.0, 44.0, 87.3, 88.7, 88.8, 100.0, 103.5, 104.5]
BOUNDS = POINTS + [sign * bound for bound in BOUNDS for sign in (1, -1)]

# Functions of two numbers are tried at all pairs of these.
PAIRED = [0.0, -0.0, 1.0, -1.0, 2.0, -3.0, 0.5, INF, -INF, NAN, 1e-40, 1e30, 1e-30]
PAIRS = [[a for a in PAIRED for _ in PAIRED], [b for _ in PAIRED for b in PAIRED]]

# Reductions and rows of softmax.
MATRICES = [
    [[1, 1, 0], [-2, 1, 1]],
    [[0, -0.0, -0.0], [-0.0, 0, -0.0]],
    [[NAN, 1, 2], [3, NAN, NAN]],
    [[INF, 1, INF], [-INF, 0, 1]],
    [[-INF, -INF, -INF], [2, -INF, -INF]],
    [[INF, -INF, 0], [1e30, -1e30, 1]],
    [[1e-40, 2e-40, -1e-40], [DENORMAL, 0, 1e-30]],
    [[3e38, 3e38, -3e38], [1e30, 1e-30, 1e30]],
    [[16777216, 1, 1], [1, 16777216, -16777216]],
    [[100, 0, -100], [88.8, 89, -104]],
    [[NAN, INF, -INF], [1e10, 1e10, 1e10]],
]

# Planes that are pooled.
PLANES = [
    [[1, 1, 0, 0], [1, 1, -0.0, 0], [2, 3, 3, 3], [-1, 2, 3, -3]],
    [[NAN, 1, INF, 2], [2, NAN, INF, NAN], [-INF, -INF, INF, -INF], [-INF, -INF, 1, 2]],
    [[1e30, -1e30, 3e38, 3e38], [1, 0, 3e38, -1], [1e-40, DENORMAL, 1e-30, -1e-30], [0, -1e-40, 1e-40, 0]],
]

# Matrices that are multiplied.
FACTORS = [
    ([[0, 1, -1], [2, INF, 3]], [[INF, 1, 0, -0.0], [0, 2, NAN, 1], [-1, 0, 1, 1]]),
    ([[1e30, 1, -1e30], [1e-30, 1e-40, DENORMAL]], [[1e30, 1e-30, 1, 2], [1, 1e-40, 0, 1], [-1e30, 0, 1, -2]]),
    ([[16777216, 1, -16777216], [0, -0.0, 0]], [[1, 2, 0, -1], [1, 3, -0.0, 1], [1, 2, 0, -1]]),
]

# Images and filters.
CONVOLVED = [
    ([[1, 0, -1], [0, INF, 2], [NAN, 1, 1]], [[1, 0], [0, 2]]),
    ([[1e30, 1, 1e30], [1e-40, 0, -0.0], [1e-30, 2, -1e30]], [[1e30, -1], [2, 1e-30]]),
    ([[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[INF, 0], [1, -1]]),
    ([[0, 0, 0], [1, 1, 0], [1, 1, 0]], [[1, 1], [-1, -1]]),
]

# Columns that are normalised.
CHANNELS_AT_THE_EDGE = [
    [[1, 0, -0.0], [1, 0, 0], [1, 0, 0], [1, 0, -0.0]],
    [[1e8, 1e30, 1e-40], [1e8 + 8, -1e30, -1e-40], [1e8 + 16, 2e30, 0], [1e8, 1, DENORMAL]],
    [[INF, NAN, 3e38], [1, 1, 3e38], [2, 2, -3e38], [3, 3, 1]],
    [[1e10, 0.7, 123.456]] * 6,
    [[1e15, 1e-30, 1], [-1e15, -1e-30, 1 + 2**-20], [2e15, 0, 1], [0, 1, 1]],
]


def floats(values):
    return torch.tensor(values, dtype=torch.float32)


def at_points(name, function, operands, dy=1.0):
    """One record in float: the operands, and the gradient that comes back, in turn 1, -2, 0.5 and 3 times dy."""
    operands = [x.clone().requires_grad_() for x in operands]
    y = function(*operands)
    dy = dy * floats([1, -2, 0.5, 3] * y.numel())[: y.numel()].reshape(y.shape)
    gradients = torch.autograd.grad(y, operands, dy)
    return record(
        name,
        **{f"x{i}": x for i, x in enumerate(operands)},
        dy=dy,
        y=y,
        **{f"dx{i}": dx for i, dx in enumerate(gradients)},
    )


def special_operands(name):
    """Lists of operands for an op of the table, by its kind."""
    first = name.split()[0]
    if first in ["add", "sub", "mul", "div", "pow", "maximum"] and " of " not in name:
        return [[floats(a) for a in PAIRS]]
    if first in ["sum", "mean", "max", "softmax", "log_softmax", "reshape"] or name == "transpose":
        return [[floats(m)] for m in MATRICES]
    if name == "transpose 0 2":
        return [[floats([m])] for m in MATRICES]
    if name == "matmul with itself":
        return [[floats(a)[:, :2]] for a, _ in FACTORS]
    if name == "matmul":
        return [[floats(a), floats(b)] for a, b in FACTORS]
    if first == "conv2d":
        with_bias = [] if name == "conv2d" else [floats([0.5])]
        return [[floats([[x]]), floats([[w]]), *with_bias] for x, w in CONVOLVED]
    if first in ["max_pool2d", "avg_pool2d", "global_avg_pool2d"]:
        return [[floats([[x]])] for x in PLANES]
    if first == "batch_norm":
        ones = [floats([1, 2, -1]), floats([0, 1, 0.5])]
        zeros = [floats([0, INF, 1e30]), floats([0, 1, 1e30])]
        rows = [floats(x) for x in CHANNELS_AT_THE_EDGE]
        images = [x.reshape(2, -1, 3).permute(0, 2, 1).unsqueeze(2).contiguous() for x in rows]
        return [[x, *both] for x in rows + images for both in [ones, zeros]]
    return [[floats(BOUNDS)]]


def max_of_axis(axis, keepdim=False):
    return lambda x: x.max(axis, keepdim=keepdim).values


# Where PyTorch has the same function under two names, the one that chooses one element.
AT_TIES = {"max axis 0": max_of_axis(0), "max axis 1": max_of_axis(1), "max axis -1 keepdims": max_of_axis(-1, True)}
# A gradient of 0 that meets an infinite slope, and a large one that meets a large slope.
OTHER_GRADIENTS = {name: [0.0] for name in ["pow", "div", "mul"]}
OTHER_GRADIENTS |= {name: [0.0, 1e30] for name in "log sqrt exp tanh sigmoid gelu silu softplus softmax log_softmax".split()}
OTHER_GRADIENTS |= {name: [INF] for name in ["abs", "relu", "leaky_relu", "max axis 1"]}


def special():
    for name, function, _, _ in OPS:
        function = AT_TIES.get(name, function)
        for operands in special_operands(name):
            for dy in [1.0, *OTHER_GRADIENTS.get(name, [])]:
                yield at_points(name, function, operands, dy)
    for matrix in MATRICES:
        prediction = floats(matrix)
        half = lambda x, target: F.mse_loss(x, target) / 2
        yield at_points("MSE", half, [prediction, prediction.roll(1)])
        for smoothing in [0.0, 0.25]:
            for label in range(3):
                labels = torch.full((2,), label)
                name = f"SoftmaxCrossEntropy of class {label}" + (" with label smoothing" if smoothing else "")
                loss = lambda x: F.cross_entropy(x, labels, label_smoothing=smoothing)
                yield at_points(name, loss, [prediction])


def schedules():
    """The factors of the learning rate at each of N steps, as the rates of PyTorch's schedulers for a
    rate of 1. An end is where the schedule is after the last step, so one-cycle is PyTorch's over
    N + 1 steps without the last of them."""

    def rates(steps, make):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
        scheduler = make(optimizer)
        for _ in range(steps):
            yield optimizer.param_groups[0]["lr"]
            optimizer.step()
            scheduler.step()

    def step(steps, drops, factor):
        milestones = [-(-steps * part // drops) for part in range(1, drops)]
        return lambda o: torch.optim.lr_scheduler.MultiStepLR(o, milestones, factor)

    def cosine(steps, end):
        return lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, steps, eta_min=end)

    def one_cycle(steps, warm_up, start, end):
        climb = max(1, int(warm_up * steps + 0.5))
        if climb == 1:  # PyTorch divides by climb - 1
            return cosine(steps, end)
        return lambda o: torch.optim.lr_scheduler.OneCycleLR(
            o,
            max_lr=1,
            total_steps=steps + 1,
            pct_start=climb / (steps + 1),
            div_factor=1 / start,
            final_div_factor=start / end if end > 0 else float("inf"),
            cycle_momentum=False,
        )

    for steps in [1, 2, 3, 10, 100]:
        for drops, factor in [(3, 0.1), (4, 0.5), (1, 0.1)]:
            factors = list(rates(steps, step(steps, drops, factor)))
            yield record("step", drops=drops, factor=factor, factors=factors)
        for end in [0, 0.1, 1]:
            factors = list(rates(steps, cosine(steps, end)))
            yield record("cosine", end=end, factors=factors)
        for warm_up, start, end in [(0.3, 0.04, 0), (0.25, 0.2, 0.1), (0, 0.04, 0), (1, 0.5, 0)]:
            factors = list(rates(steps, one_cycle(steps, warm_up, start, end)))
            yield record("one-cycle", warm_up=warm_up, start=start, end=end, factors=factors)


for make in [ops, losses, layers, optimizers, training, special, schedules]:
    write(f"{make.__name__}.inc", make())
