# Trains a net in the terminal, reads its checkpoint as README.md says, with numpy alone, and computes
# the loss and the accuracy that were printed: read_checkpoint.py path/to/train
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np


ROOT = pathlib.Path(__file__).parents[3]
exec(re.search("```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1])  # read


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

    assert settings["version"] == "1" and settings["net"] == net[1], settings
    assert float(settings["learning-rate"]) == 0.01, settings
    assert tensors["epoch"] == 3 and tensors["step"] == 57, tensors
    w1, b1 = tensors["net.dense1.weight"], tensors["net.bias1.bias"]
    w2, b2 = tensors["net.dense2.weight"], tensors["net.bias2.bias"]
    x = images.reshape(100, 20) / np.float32(255)
    logits = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    accuracy = (logits.argmax(1) == labels).mean()
    loss = (np.log(np.exp(logits).sum(1)) - logits[np.arange(100), labels]).mean()
    print(f"numpy: accuracy {accuracy}, loss {loss}; train: {printed}")
    assert 0.15 < accuracy < 1 and accuracy == printed["testAccuracy"]
    assert abs(loss - printed["testLoss"]) < 1e-5


if __name__ == "__main__":
    main(sys.argv[1])
