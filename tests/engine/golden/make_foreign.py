#!/usr/bin/python3
"""Makes foreign.inc: small files with nets that PyTorch, numpy and onnx wrote, and what PyTorch answers.

Run it with Debian's python3-torch (1.13), python3-numpy (1.24) and python3-onnx (1.12):
`/usr/bin/python3 tests/engine/golden/make_foreign.py`. The same bytes come out each time, but for the dates in
archives. Each file is a record of lines:

    torch-conv.onnx            the file's name
    net conv 2 3x3, …          the net's text, where the file does not say it
    sample 1,6,6               the shape of a sample
    x 0.5 -1 …                 two samples
    y 0.25 …                   what PyTorch answers, before any softmax
    bytes 504b0304…            the file
"""

import io
import json
import pathlib
import struct
import warnings

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper
from torch import nn

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
torch.manual_seed(18)
IMAGE = (1, 6, 6)
records = []


def numbers(array):
    return " ".join(f"{float(v):.9g}" for v in np.asarray(array).ravel())


def grid(shape, scale=64):
    return torch.randint(-scale, scale, shape).float() / scale


def settle(net):
    """Numbers that halves hold, too, and statistics as if the net had been trained."""
    with torch.no_grad():
        for name, tensor in net.state_dict().items():
            if tensor.dtype != torch.float32:
                tensor.fill_(7)
            else:
                tensor.copy_(grid(tensor.shape).abs() + 0.5 if name.endswith("running_var") else grid(tensor.shape))
    return net.eval()


def record(name, data, net="", sample=IMAGE, x=None, y=None):
    lines = [name]
    if net:
        lines.append("net " + net)
    if x is not None:
        lines += ["sample " + ",".join(map(str, sample)), "x " + numbers(x), "y " + numbers(y)]
    lines.append("bytes " + data.hex())
    records.append("\n".join(lines) + "\n")


def answered(name, data, module, net="", sample=IMAGE, logits=None):
    x = grid((2, *sample))
    with torch.no_grad():
        y = (logits or module)(x)
    record(name, data, net, sample, x, y)


def state_of(module):
    return {key: tensor.numpy() for key, tensor in module.state_dict().items()}


def npz(arrays, save=np.savez):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


class Pipe(io.RawIOBase):
    """A stream that cannot go back, as standard output is: archives get data descriptors."""

    def __init__(self):
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


def safetensors(tensors):
    """As the library writes them: sorted by the width of numbers, then by name."""
    kinds = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64"}
    header, data = {}, b""
    for name, tensor in sorted(tensors.items(), key=lambda item: (-item[1].element_size(), item[0])):
        plain = tensor.view(torch.int16) if tensor.element_size() == 2 else tensor
        raw = plain.contiguous().numpy().tobytes()
        header[name] = {"dtype": kinds[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def export(module, sample=IMAGE, **options):
    file = io.BytesIO()
    torch.onnx.export(module, torch.zeros(1, *sample), file, **options)
    return file.getvalue()


class Net(nn.Module):
    """A net as a tutorial writes it."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(3)
        self.conv2 = nn.Conv2d(3, 2, 2)
        self.fc1 = nn.Linear(8, 4)
        self.fc2 = nn.Linear(4, 3)

    def logits(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.gelu(self.conv2(x)).view(x.size(0), -1)
        return self.fc2(F.silu(self.fc1(x)))

    def forward(self, x):
        return F.log_softmax(self.logits(x), dim=1)


NET = "conv 3 3x3 pad 1, batchnorm, relu, pool 2, conv 2 2x2, gelu, dense 4, silu, dense classes"


def arrays():
    net = settle(Net())
    state = state_of(net)
    answered("numpy.npz", npz(state), net, NET, logits=net.logits)
    answered("numpy-compressed.npz", npz(state, np.savez_compressed), net, NET, logits=net.logits)
    pipe = Pipe()
    np.savez(io.BufferedWriter(pipe), **state)
    answered("numpy-stream.npz", pipe.data, net, NET, logits=net.logits)
    types = ["<f2", ">f4", ">f8", "<f8", ">f2", "<f4"]
    others = {k: np.asfortranarray(v.astype(types[i % 6])) if v.ndim else v for i, (k, v) in enumerate(state.items())}
    answered("numpy-types.npz", npz(others, np.savez_compressed), net, NET, logits=net.logits)
    wrapped = {"module." + key: tensor for key, tensor in net.state_dict().items()}
    answered("torch.safetensors", safetensors(wrapped), net, NET, logits=net.logits)
    narrow = dict(net.state_dict())
    for i, (key, tensor) in enumerate(narrow.items()):
        if tensor.dtype == torch.float32:
            narrow[key] = tensor.to([torch.float16, torch.bfloat16, torch.float64][i % 3])
    with torch.no_grad():
        for key, tensor in narrow.items():
            if tensor.dtype == torch.bfloat16:
                net.state_dict()[key].copy_(tensor)
    answered("torch-types.safetensors", safetensors(narrow), net, NET, logits=net.logits)
    deep = settle(nn.Sequential(*[layer for _ in range(11) for layer in (nn.Linear(3, 3), nn.Tanh())], nn.Linear(3, 2)))
    answered("torch-deep.safetensors", safetensors(deep.state_dict()), deep, "dense 3, tanh, " * 11 + "dense classes", (3,))


class Normalized(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(36, 3)
        self.fc2 = nn.Linear(3, 3)

    def forward(self, x):
        x = ((x - 0.1307) / 0.3081).reshape(-1, 36)
        return self.fc2(F.leaky_relu(self.fc1(x), 0.2))


class Pools(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, stride=2, padding=1)
        self.norm = nn.BatchNorm2d(2)
        self.hidden = nn.Linear(2, 3, bias=False)
        self.norm2 = nn.BatchNorm1d(3)
        self.out = nn.Linear(3, 2)
        self.drop = nn.Dropout(0.25)

    def forward(self, x):
        x = F.avg_pool2d(F.softplus(self.norm(self.conv(x))), 2, stride=1)
        x = torch.flatten(F.adaptive_avg_pool2d(x, 1), 1)
        return self.out(self.drop(torch.sigmoid(self.norm2(self.hidden(x)))))


def torch_graphs():
    net = settle(Net())
    free = {"input_names": ["image"], "dynamic_axes": {"image": {0: "n"}}}
    answered("torch.onnx", export(net, **free), net, logits=net.logits)
    net = settle(Normalized())
    answered("torch-normalized.onnx", export(net), net)
    # New BatchNorms have equal arrays, which are written once.
    torch.manual_seed(7)
    net = Pools().eval()
    answered("torch-pools.onnx", export(net), net)
    net = settle(Pools())
    answered("torch-unfolded.onnx", export(net, training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False, opset_version=11), net)


def helped():
    """A graph that onnx.helper makes: float_data, MatMul and Add, another epsilon, a sigmoid in other words."""
    w1, b1, w2 = (grid(shape).numpy() for shape in ((5, 4), (4,), (4, 3)))
    scale, shift, mean, var = (grid((4,)).abs().numpy() + np.float32(0.5) for _ in range(4))
    tensor = lambda name, value: helper.make_tensor(name, TensorProto.FLOAT, value.shape, value.ravel())
    nodes = [
        helper.make_node("Constant", [], ["two"], value=tensor("", np.array([2], np.float32))),
        helper.make_node("Mul", ["x", "two"], ["scaled"]),
        helper.make_node("MatMul", ["scaled", "w1"], ["product"]),
        helper.make_node("Add", ["b1", "product"], ["sum"]),
        helper.make_node("BatchNormalization", ["sum", "scale", "shift", "mean", "var"], ["norm"], epsilon=1e-3),
        helper.make_node("Neg", ["norm"], ["negative"]),
        helper.make_node("Softplus", ["negative"], ["softplus"]),
        helper.make_node("Neg", ["softplus"], ["logarithm"]),
        helper.make_node("Exp", ["logarithm"], ["sigmoid"]),
        helper.make_node("Dropout", ["sigmoid", "rate"], ["dropped", "mask"]),
        helper.make_node("Gemm", ["dropped", "w2"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["y"], axis=-1),
    ]
    constants = {"w1": w1, "b1": b1, "scale": scale, "shift": shift, "mean": mean, "var": var, "w2": w2}
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 5])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 3])],
        [tensor(*item) for item in constants.items()] + [numpy_helper.from_array(np.array(0.25, np.float32), "rate")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    onnx.checker.check_model(model)
    x = grid((2, 5))
    h = (2 * x.double().numpy() @ w1 + b1 - mean) / np.sqrt(var.astype(float) + 1e-3) * scale + shift
    record("helper.onnx", model.SerializeToString(), "", (5,), x, 1 / (1 + np.exp(-h)) @ w2)


def refused():
    net = nn.Linear(1, 1)
    for name, zipped in (("torch.pt", True), ("torch-old.pt", False)):
        file = io.BytesIO()
        torch.save(net.state_dict(), file, _use_new_zipfile_serialization=zipped)
        record(name, file.getvalue())
    record("hardswish.onnx", export(nn.Sequential(nn.Linear(3, 2), nn.Hardswish()), (3,)))
    record("residual.onnx", export(type("Residual", (nn.Linear,), {"forward": lambda self, x: x + F.linear(x, self.weight, self.bias)})(2, 2), (2,)))


arrays()
torch_graphs()
helped()
refused()
pathlib.Path(__file__).with_name("foreign.inc").write_text("".join(f'R"({text})",\n' for text in records))
