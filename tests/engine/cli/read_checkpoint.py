# Reads checkpoints as docs/formats.md says, with numpy alone, and answers with what stands in them.
#
# read_checkpoint.py path/to/train: trains a net in the terminal, and computes the loss and the accuracy that
# were printed.
# read_checkpoint.py CHECKPOINT IMAGES ANSWERS: prints by how much the probabilities for an IDX file of images
# differ from those in a file of floats.
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np


ROOT = pathlib.Path(__file__).parents[3]
exec(re.search("```python\n(.*?)```", (ROOT / "docs" / "formats.md").read_text(), re.DOTALL)[1])  # read, weights


def windows(x, size, stride):  # [N, C, H, W] -> [N, C, OH, OW, size, size]
    return np.lib.stride_tricks.sliding_window_view(x, (size, size), (2, 3))[:, :, ::stride, ::stride]


def probabilities(settings, tensors, pixels):
    """pixels: [N, H, W], from 0 to 1 -> [N, classes]"""
    w = weights(tensors)
    mean, deviation = tensors["normalization.mean"], tensors["normalization.deviation"]
    x = ((pixels[:, None] - mean) / deviation).astype(np.float32)
    count = {}
    for layer in settings["net-text"].split(","):
        word, *options = layer.split()
        count[word] = count.get(word, 0) + 1
        name = f"{word}{count[word]}"
        option = lambda key, usual: int(options[options.index(key) + 1]) if key in options else usual
        if word == "conv":
            pad = option("pad", 0)
            x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
            size = w[f"{name}.weight"].shape[-1]
            x = np.einsum(
                "nchwij,ocij->nohw", windows(x, size, option("stride", 1)), w[f"{name}.weight"], optimize=True
            )
            if f"{name}.bias" in w:
                x += w[f"{name}.bias"][:, None, None]
        elif word == "pool":
            size = int(options[0].split("x")[0])
            x = windows(x, size, option("stride", size)).max((-2, -1))
        elif word == "batchnorm":
            scale = w[f"{name}.weight"] / np.sqrt(w[f"{name}.running_var"] + np.float32(1e-5))
            shift = w[f"{name}.bias"] - scale * w[f"{name}.running_mean"]
            shape = (-1,) + (1,) * (x.ndim - 2)
            x = x * scale.reshape(shape) + shift.reshape(shape)
        elif word == "relu":
            x = np.maximum(x, 0)
        elif word == "dense":
            x = x.reshape(len(x), -1) @ w[f"{name}.weight"] + w.get(f"bias{count[word]}.bias", 0)
        else:
            raise ValueError(f"no {word} here")
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def compare(checkpoint, images, answers):
    settings, tensors = read(checkpoint)
    data = pathlib.Path(images).read_bytes()
    count, height, width = (int.from_bytes(data[at : at + 4], "big") for at in (4, 8, 12))
    pixels = np.frombuffer(data, np.uint8, offset=16).reshape(count, height, width) / np.float32(255)
    given = np.fromfile(answers, np.float32).reshape(count, -1)
    batches = [probabilities(settings, tensors, pixels[at : at + 500]) for at in range(0, count, 500)]
    print(np.abs(np.concatenate(batches) - given).max())


def write_idx(path, values):
    extents = b"".join(extent.to_bytes(4, "big") for extent in values.shape)
    path.write_bytes(bytes([0, 0, 8, values.ndim]) + extents + values.tobytes())


def main(train):
    with tempfile.TemporaryDirectory() as folder:
        random = np.random.default_rng(1)
        for part, count in (("train", 300), ("t10k", 100)):
            labels = random.integers(0, 10, count).astype(np.uint8)
            images = random.integers(0, 120, (count, 4, 5)).astype(np.uint8)
            images.reshape(count, 20)[np.arange(count), labels] += 80
            write_idx(pathlib.Path(folder, f"{part}-images-idx3-ubyte"), images)
            write_idx(pathlib.Path(folder, f"{part}-labels-idx1-ubyte"), labels)
        file = folder + "/net.safetensors"
        options = "--json --epochs 3 --batch-size 16 --learning-rate 0.01 --save".split()
        net = ["--net", "dense 12, relu, dense classes"]
        run = subprocess.run(
            [train, "--data", folder, *net, *options, file], stdout=subprocess.PIPE, check=True
        )
        printed = json.loads(run.stdout.splitlines()[-1])
        settings, tensors = read(file)

    assert settings["version"] == "2" and settings["net"] == settings["net-text"] == net[1], settings
    assert float(settings["learning-rate"]) == 0.01, settings
    assert tensors["epoch"] == 3 and tensors["step"] == 57, tensors
    p = probabilities(settings, tensors, images / np.float32(255))
    accuracy = (p.argmax(1) == labels).mean()
    loss = -np.log(p[np.arange(100), labels]).mean()
    print(f"numpy: accuracy {accuracy}, loss {loss}; train: {printed}")
    assert 0.15 < accuracy < 1 and accuracy == printed["testAccuracy"]
    assert abs(loss - printed["testLoss"]) < 1e-5


if __name__ == "__main__":
    compare(*sys.argv[1:]) if len(sys.argv) == 4 else main(sys.argv[1])
